/** Opens lathe.db: made where it is missing, checked, set up, migrated. */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { renameDurably } from '../platform/atomic-files.ts';
import type { Logger } from '../platform/logger.ts';
import { Database } from './database.ts';
import { requireContent, requireSound } from './examine-database.ts';
import { migrate, requireKnown } from './migrate.ts';
import { storeFailure } from './store-failure.ts';

export interface OpenedDatabase {
  readonly database: Database;
  readonly isNew: boolean;
}

/** Throws STORE_DAMAGED, STORE_NEWER, STORE_FOREIGN, DISK_FULL, FILE_FORBIDDEN. */
export function openDatabase(path: string, log: Logger): OpenedDatabase {
  const isNew = !existsSync(path);
  let database: Database | undefined;
  try {
    if (isNew) make(path, log);
    requireContent(path);
    database = new Database(path, log);
    requireSound(database);
    // Before the first change of anything: what a later version or another program wrote stays as it is.
    requireKnown(database);
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

/** Under another name first: what bears the name of the database has its tables, so an empty file can only be one that was emptied. */
function make(path: string, log: Logger): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.new`;
  rmSync(temporary, { force: true });
  const database = new Database(temporary, log);
  try {
    migrate(database);
  } finally {
    database.close();
  }
  renameDurably(temporary, path);
}
