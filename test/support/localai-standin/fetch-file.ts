/** Fetches an artifact as LocalAI does: what is there with the right hash stays; three tries; the hash is compared as it is written. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export interface DownloadFile {
  readonly filename: string;
  readonly sha256?: string;
  readonly uri: string;
}

export interface FetchLimits {
  readonly signal: AbortSignal;
  readonly diskFull: boolean;
  /** Between tries; 2 s and 4 s with the real one. */
  readonly pausesMs: readonly number[];
}

const hashOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/** Throws with LocalAI's words. */
export async function fetchFile(folder: string, { filename, sha256 = '', uri }: DownloadFile, { signal, diskFull, pausesMs }: FetchLimits): Promise<void> {
  const to = join(folder, filename);
  if (filename.startsWith('/') || filename.split('/').includes('..')) throw new Error('invalid file path');
  if (existsSync(to) && (sha256 === '' || hashOf(readFileSync(to)) === sha256)) return;
  if (!/^https?:/.test(uri)) throw new Error(`file ${to} does not exist and ${uri} does not look like an HTTP URL`);
  for (let tried = 0; ; tried++) {
    try {
      const content = await download(uri, signal);
      if (sha256 !== '' && hashOf(content) !== sha256)
        throw Object.assign(new Error(`SHA mismatch for file "${to}" ( calculated: ${hashOf(content)} != metadata: ${sha256} )`), { again: true });
      mkdirSync(dirname(to), { recursive: true, mode: 0o750 });
      if (diskFull) throw new Error(`failed to write file "${to}": write ${to}.partial: no space left on device`);
      writeFileSync(`${to}.partial`, content, { mode: 0o600 });
      renameSync(`${to}.partial`, to);
      return;
    } catch (error) {
      if (signal.aborted) rmSync(`${to}.partial`, { force: true });
      else leavePartial(to, error);
      if (signal.aborted) throw new Error('context canceled', { cause: error });
      const wait = pausesMs[tried];
      if (wait === undefined || !(error instanceof Error && 'again' in error)) throw error;
      await pause(wait, undefined, { signal }).catch(() => {
        throw new Error('context canceled', { cause: error });
      });
    }
  }
}

class Unreached extends Error {
  readonly again = true;
}

async function download(uri: string, signal: AbortSignal): Promise<Buffer> {
  const again = (problem: string): Error => Object.assign(new Error(problem), { again: true });
  let response: Response;
  try {
    await fetch(uri, { method: 'HEAD', signal });
    response = await fetch(uri, { signal });
  } catch {
    throw new Unreached(`failed to check if uri server supports range header: Head "${uri}": dial tcp: connect: connection refused`);
  }
  if (response.status >= 500) throw again(`failed to download url "${uri}", invalid status code ${String(response.status)}`);
  if (response.status >= 400) throw new Error(`failed to download url "${uri}", invalid status code ${String(response.status)}`);
  return Buffer.from(await response.arrayBuffer());
}

/** Nothing after a wrong hash or a cancellation; an empty file where the host could not be reached, which no call takes away. */
function leavePartial(to: string, error: unknown): void {
  rmSync(`${to}.partial`, { force: true });
  if (!(error instanceof Unreached)) return;
  mkdirSync(dirname(to), { recursive: true, mode: 0o750 });
  writeFileSync(`${to}.partial`, '', { mode: 0o600 });
}
