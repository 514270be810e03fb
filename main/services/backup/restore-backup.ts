/** Makes a restore ready: every hash is checked first, then everything is laid out beside, so that only renames are left. */
import { lstatSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { copyHashed, hashFile } from '../../platform/atomic-files.ts';
import type { BackupFile } from '../../../shared/domain/backup-manifest.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { fileFailure } from '../../platform/file-failure.ts';
import { requireRoom } from '../../platform/room.ts';
import { examineDatabase, freeNameBeside } from '../../store/examine-database.ts';
import { readMigrations } from '../../store/migrate.ts';
import { databaseName, type BackupSource } from './backup-forms.ts';
import { openBackup } from './open-backup.ts';
import { clearStaging, stagingIn, writeJournal } from './restore-journal.ts';

export interface RestoreRequest {
  readonly home: string;
  /** A backup folder, a manifest in it, or a backup of one file. */
  readonly backup: string;
  /** Also over a database that is sound. */
  readonly force: boolean;
  readonly now: Date;
}

/**
 * The caller owns the home, and brings it to its end with `finishRestore`. Throws BACKUP_NONE, BACKUP_DAMAGED, HOME_NOT_EMPTY, STORE_NEWER, NO_ROOM,
 * DISK_FULL; then nothing is changed.
 */
export async function prepareRestore({ home, backup, force, now }: RestoreRequest): Promise<void> {
  const source = openBackup(resolve(backup));
  const { path, manifest } = source;
  const known = readMigrations().length;
  if (manifest.schema > known) throw new AppError('STORE_NEWER', { path, version: manifest.schema, known });
  if (!force && examineHome(home) === 'sound') throw new AppError('HOME_NOT_EMPTY', { home });
  const database = { path: databaseName, ...manifest.database };
  for (const file of [database, ...manifest.files]) await check(source, file);
  try {
    clearStaging(home);
    const due = await filesToBring(home, manifest.files);
    requireRoom({ what: 'The restore', path: home, needBytes: totalOf([database, ...due]) });
    mkdirSync(stagingIn(home), { recursive: true });
    for (const file of [...due, database]) await stage(source, stagingIn(home), file);
    writeJournal(home, {
      ...{ manifest: path, made: manifest.made, due: due.map((file) => file.path), links: manifest.links },
      ...{ files: manifest.files.length, bytes: totalOf(manifest.files) },
      kept: freeNameBeside(join(home, databaseName), 'replaced', now),
      began: now.toISOString(),
    });
  } catch (error) {
    clearStaging(home);
    throw fileFailure(error, { what: 'LATHE_HOME', path: home, action: 'write' });
  }
}

/** A database of a later version, or of somebody else, is as good as sound here: only --force moves it. */
function examineHome(home: string): 'missing' | 'damaged' | 'sound' {
  try {
    return examineDatabase(join(home, databaseName)).state;
  } catch {
    return 'sound';
  }
}

async function check(source: BackupSource, file: BackupFile): Promise<void> {
  const damaged = (problem: string): AppError => new AppError('BACKUP_DAMAGED', { path: source.path, problem: `${file.path} ${problem}` });
  const content = source.find(file);
  if (content === null) throw damaged('is missing');
  if ((await hashFile(content.file, undefined, content)).sha256 !== file.sha256) throw damaged('is not what was backed up');
}

async function filesToBring(home: string, files: readonly BackupFile[]): Promise<readonly BackupFile[]> {
  const due: BackupFile[] = [];
  for (const file of files) {
    const stat = lstatSync(join(home, file.path), { throwIfNoEntry: false });
    const isThere = stat?.isFile() === true && stat.size === file.bytes && (await hashFile(join(home, file.path))).sha256 === file.sha256;
    if (!isThere) due.push(file);
  }
  return due;
}

async function stage(source: BackupSource, staging: string, file: BackupFile): Promise<void> {
  const changed = (): AppError => new AppError('BACKUP_DAMAGED', { path: source.path, problem: `${file.path} changed while it was read` });
  const content = source.find(file);
  if (content === null) throw changed();
  mkdirSync(dirname(join(staging, file.path)), { recursive: true });
  const copied = await copyHashed(content.file, join(staging, file.path), content);
  if (copied.sha256 !== file.sha256) throw changed();
}

const totalOf = (files: readonly { readonly bytes: number }[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0);
