/** Opens lathe.db: made where it is missing, checked, set up, migrated. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError, isAppError } from '../../shared/errors/app-error.ts';
import type { Logger } from '../platform/logger.ts';
import { fileFailure } from '../platform/file-failure.ts';
import { Database } from './database.ts';
import { migrate } from './migrate.ts';

export interface OpenedDatabase {
  readonly database: Database;
  readonly isNew: boolean;
}

/** Throws STORE_DAMAGED, STORE_NEWER, STORE_FOREIGN, DISK_FULL, FILE_FORBIDDEN. */
export function openDatabase(path: string, log: Logger): OpenedDatabase {
  const isNew = !existsSync(path);
  let database: Database | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true });
    database = new Database(path, log);
    if (!isNew) requireSound(database);
    database.pragma('journal_mode = WAL');
    // A commit is on disk before it is told: a power cut loses nothing that a caller was promised.
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    const done = migrate(database);
    for (const { name } of done) log.info('database migrated', { migration: name });
    return { database, isNew };
  } catch (error) {
    database?.close();
    throw storeFailure(error, path);
  }
}

/** SQLite's own look at every page and index; quick enough for every start (10,000 versions: some 20 ms). */
function requireSound(database: Database): void {
  const verdict = database.pragma('quick_check(1)');
  if (verdict !== 'ok') throw new AppError('STORE_DAMAGED', { path: database.path, problem: String(verdict) });
}

/** What SQLite throws, in our words. */
export function storeFailure(error: unknown, path: string): unknown {
  if (isAppError(error) || !(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'SQLITE_FULL') return new AppError('DISK_FULL', { path, needBytes: 'some space' }, { cause: error });
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return new AppError('STORE_DAMAGED', { path, problem: error.message }, { cause: error });
  if (code.startsWith('SQLITE_IOERR') || code === 'SQLITE_CANTOPEN' || code.startsWith('SQLITE_READONLY'))
    return new AppError('FILE_FORBIDDEN', { path, action: 'write' }, { cause: error });
  return code.startsWith('SQLITE') || code === '' ? error : fileFailure(error, { what: 'Database', path, action: 'write' });
}
