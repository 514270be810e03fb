/** Brings a database up to the newest schema, one numbered file after another, each whole or not at all. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/errors/app-error.ts';
import { projectFiles } from '../platform/project-files.ts';
import type { Database } from './database.ts';

/** Marks the file as Lathe's (`file lathe.db` shows it): "LATH". */
export const applicationId = 0x4c415448;

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** `0001-core.sql`, `0002-….sql`, …; a file that was released is never changed again. */
export function readMigrations(from: string = projectFiles.migrations): readonly Migration[] {
  const names = readdirSync(from)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  return names.map((name, index) => {
    const version = Number(name.slice(0, 4));
    if (version !== index + 1) throw new Error(`migration ${name} should be number ${index + 1}`);
    return { version, name, sql: readFileSync(join(from, name), 'utf8') };
  });
}

/** Throws STORE_NEWER, untouched, where a later Lathe wrote it, and STORE_FOREIGN where it is no database of Lathe. */
export function migrate(database: Database, migrations = readMigrations()): readonly Migration[] {
  const current = requireKnown(database, migrations.length);
  const due = migrations.filter(({ version }) => version > current);
  for (const { version, sql } of due)
    database.transaction(() => {
      database.execute(sql);
      database.pragma(`user_version = ${version}`);
      database.pragma(`application_id = ${applicationId}`);
    });
  return due;
}

/** The schema it has. Throws STORE_NEWER, STORE_FOREIGN. */
export function requireKnown(database: Database, known = readMigrations().length): number {
  const version = Number(database.pragma('user_version'));
  const owner = Number(database.pragma('application_id'));
  if (owner !== applicationId && (owner !== 0 || version !== 0 || hasTables(database))) throw new AppError('STORE_FOREIGN', { path: database.path });
  if (version > known) throw new AppError('STORE_NEWER', { path: database.path, version, known });
  return version;
}

const hasTables = (database: Database): boolean => database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' LIMIT 1").get() !== undefined;
