/** Whether a file is still the one that was looked at before, told without reading it. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileError } from './file-errors.ts';

/** A file changed this shortly before it was looked at could change again within the file system's clock tick, unseen. */
const SETTLED_NS = 2_000_000_000n;

export interface FileState {
  /** Path, place, size and times in nanoseconds. A change of content sets ctime, which no program can set back. */
  readonly state: string;
  /** Whether `state` may be trusted later: the file was not changed just now. */
  readonly isSettled: boolean;
}

/** Throws FILE_MISSING, FILE_FORBIDDEN. */
export function fileState(path: string): FileState {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return { state: [resolve(path), dev, ino, size, mtimeNs, ctimeNs].join(' '), isSettled: BigInt(Date.now()) * 1_000_000n - ctimeNs > SETTLED_NS };
  } catch (error) {
    throw fileError(error, { path, action: 'read' });
  }
}

/** Stands for these files as they are now; null where one of them was changed just now. */
export function statesOf(paths: readonly string[]): readonly string[] | null {
  const states = paths.map(fileState);
  return states.every(({ isSettled }) => isSettled) ? states.map(({ state }) => state) : null;
}
