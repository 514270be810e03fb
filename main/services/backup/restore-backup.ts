/** Brings a backup back: every hash is checked first, everything is laid out beside, and what it takes the place of is kept aside. */
import { existsSync, lstatSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { copyHashed, hashFile, renameDurably } from '../../platform/atomic-files.ts';
import type { BackupFile, BackupManifest } from '../../../shared/domain/backup-manifest.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { fileFailure } from '../../platform/file-failure.ts';
import { examineDatabase, setAside } from '../../store/examine-database.ts';
import { readMigrations } from '../../store/migrate.ts';
import { openBackup, type BackupFolder } from './backup-folder.ts';

export interface RestoreRequest {
  readonly home: string;
  /** A backup folder or a manifest in it. */
  readonly backup: string;
  /** Also over a database that is sound. */
  readonly force: boolean;
  readonly now: Date;
}

export interface RestoreResult {
  readonly manifest: string;
  readonly made: string;
  readonly files: number;
  readonly bytes: number;
  /** Files that were there already just so. */
  readonly unchanged: number;
  /** Where the database before lies now. */
  readonly old_database: string | null;
  /** Where files lie that others came in the place of. */
  readonly replaced: string | null;
}

/** The caller owns the home. Throws BACKUP_NONE, BACKUP_DAMAGED, HOME_NOT_EMPTY, STORE_NEWER, DISK_FULL; until the last moment nothing is changed. */
export async function restoreBackup({ home, backup, force, now }: RestoreRequest): Promise<RestoreResult> {
  const { folder, path, manifest } = openBackup(resolve(backup));
  const known = readMigrations().length;
  if (manifest.schema > known) throw new AppError('STORE_NEWER', { path, version: manifest.schema, known });
  if (!force && examineHome(home) === 'sound') throw new AppError('HOME_NOT_EMPTY', { home });
  await checkAll(folder, path, manifest);
  const staging = join(home, '.restoring');
  try {
    rmSync(staging, { recursive: true, force: true });
    mkdirSync(staging, { recursive: true });
    const due = await filesToBring(home, manifest);
    for (const file of due) await stage(folder, staging, file);
    await copyHashed(folder.objectPath(manifest.database.sha256), join(staging, 'lathe.db'));
    const replaced = join(home, `replaced-${now.toISOString().replaceAll(/[-:]|\.\d+/g, '')}`);
    for (const { path: name } of due) bring(join(staging, name), { home, name, replaced });
    for (const link of manifest.links) bringLink(link, { home, replaced });
    const database = join(home, 'lathe.db');
    const old = ['', '-wal', '-shm'].some((tail) => existsSync(database + tail)) ? setAside(database, 'replaced', now) : null;
    renameDurably(join(staging, 'lathe.db'), database);
    return {
      manifest: path,
      made: manifest.made,
      files: manifest.files.length,
      bytes: manifest.files.reduce((sum, { bytes }) => sum + bytes, 0),
      unchanged: manifest.files.length - due.length,
      old_database: old,
      replaced: existsSync(replaced) ? replaced : null,
    };
  } catch (error) {
    throw fileFailure(error, { what: 'LATHE_HOME', path: home, action: 'write' });
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** A database of a later version, or of somebody else, is as good as sound here: only --force moves it. */
function examineHome(home: string): 'missing' | 'damaged' | 'sound' {
  try {
    return examineDatabase(join(home, 'lathe.db')).state;
  } catch {
    return 'sound';
  }
}

async function checkAll(folder: BackupFolder, path: string, { files, database }: BackupManifest): Promise<void> {
  const damaged = (what: string, problem: string): AppError => new AppError('BACKUP_DAMAGED', { path, problem: `${what} ${problem}` });
  for (const { sha256, what } of [{ ...database, what: 'the database' }, ...files.map((file) => ({ ...file, what: file.path }))]) {
    const object = folder.objectPath(sha256);
    if (!existsSync(object)) throw damaged(what, 'is missing');
    if ((await hashFile(object)).sha256 !== sha256) throw damaged(what, 'is not what was backed up');
  }
}

async function filesToBring(home: string, { files }: BackupManifest): Promise<readonly BackupFile[]> {
  const due: BackupFile[] = [];
  for (const file of files) {
    const stat = lstatSync(join(home, file.path), { throwIfNoEntry: false });
    const isThere = stat?.isFile() === true && stat.size === file.bytes && (await hashFile(join(home, file.path))).sha256 === file.sha256;
    if (!isThere) due.push(file);
  }
  return due;
}

async function stage(folder: BackupFolder, staging: string, { path, sha256 }: BackupFile): Promise<void> {
  mkdirSync(dirname(join(staging, path)), { recursive: true });
  const copied = await copyHashed(folder.objectPath(sha256), join(staging, path));
  if (copied.sha256 !== sha256) throw new AppError('BACKUP_DAMAGED', { path: folder.path, problem: `${path} changed while it was read` });
}

interface Place {
  readonly home: string;
  readonly replaced: string;
}

function bring(from: string, { home, name, replaced }: Place & { readonly name: string }): void {
  keepAside(name, { home, replaced });
  renameDurably(from, join(home, name));
}

function bringLink({ path, target }: BackupManifest['links'][number], place: Place): void {
  if (lstatSync(join(place.home, path), { throwIfNoEntry: false })?.isSymbolicLink() === true) return;
  keepAside(path, place);
  mkdirSync(dirname(join(place.home, path)), { recursive: true });
  symlinkSync(target, join(place.home, path));
}

function keepAside(name: string, { home, replaced }: Place): void {
  if (lstatSync(join(home, name), { throwIfNoEntry: false }) === undefined) return;
  mkdirSync(dirname(join(replaced, name)), { recursive: true });
  renameSync(join(home, name), join(replaced, name));
}
