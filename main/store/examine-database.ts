/** Looks at a database file without changing anything of it. */
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import type { Logger } from '../platform/logger.ts';
import { AppError, isAppError } from '../../shared/errors/app-error.ts';
import { Database } from './database.ts';
import { storeFailure } from './store-failure.ts';
import { requireKnown } from './migrate.ts';

const silent: Logger = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined, child: () => silent };

/** A database, and what SQLite keeps beside it. */
const tails = ['', '-wal', '-shm'];

export type Examination =
  { readonly state: 'missing' } | { readonly state: 'sound'; readonly schema: number } | { readonly state: 'damaged'; readonly problem: string };

/** Throws STORE_NEWER and STORE_FOREIGN, where it is none of ours to mend. */
export function examineDatabase(path: string): Examination {
  if (!existsSync(path)) return { state: 'missing' };
  try {
    return { state: 'sound', schema: schemaOf(path) };
  } catch (error) {
    if (isAppError(error, 'STORE_DAMAGED')) return { state: 'damaged', problem: (error.facts as { problem: string }).problem };
    throw error;
  }
}

/** Throws STORE_DAMAGED, STORE_NEWER, STORE_FOREIGN. */
export function schemaOf(path: string): number {
  let database: Database | undefined;
  const hadLog = existsSync(`${path}-wal`);
  try {
    requireContent(path);
    database = new Database(path, silent, { readonly: true });
    requireSound(database);
    return requireKnown(database);
  } catch (error) {
    throw storeFailure(error, path);
  } finally {
    database?.close();
    // A reader makes what SQLite keeps beside a database, but may not clear it away.
    if (!hadLog) for (const tail of ['-wal', '-shm']) rmSync(path + tail, { force: true });
  }
}

/** A database comes under its name only when it is made, so an empty file is one that was emptied. */
export function requireContent(path: string): void {
  if (statSync(path).size === 0) throw new AppError('STORE_DAMAGED', { path, problem: 'the file is empty' });
}

/** SQLite's own look at every page and index; quick enough for every start (10,000 versions: some 20 ms). */
export function requireSound(database: Database): void {
  const verdict = database.pragma('quick_check(1)');
  if (verdict !== 'ok') throw new AppError('STORE_DAMAGED', { path: database.path, problem: String(verdict).split('\n').at(-1) ?? '' });
}

/** Under another name beside it, which nothing bears yet, with what SQLite keeps beside it. Returns that name. */
export function setAside(path: string, word: 'damaged' | 'replaced', at: Date): string {
  const kept = freeNameBeside(path, word, at);
  moveDatabase(path, kept);
  return kept;
}

export function freeNameBeside(path: string, word: 'damaged' | 'replaced', at: Date): string {
  const wanted = `${path}.${word}-${at.toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
  let kept = wanted;
  for (let number = 2; tails.some((tail) => existsSync(kept + tail)); number += 1) kept = `${wanted}-${number}`;
  return kept;
}

/** With what SQLite keeps beside it. Done again after a kill it takes along what was left. */
export function moveDatabase(from: string, to: string): void {
  for (const tail of tails) if (existsSync(from + tail)) renameSync(from + tail, to + tail);
}
