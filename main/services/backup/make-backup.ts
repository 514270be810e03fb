/** Makes a backup while everything goes on: the files first, then the database, then the manifest that makes it count. */
import { statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import type { BackupResult } from '../../../shared/contracts/store-calls.ts';
import type { BackupFile } from '../../../shared/domain/backup-manifest.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { fileFailure } from '../../platform/file-failure.ts';
import { schemaOf } from '../../store/examine-database.ts';
import { storeFailure } from '../../store/store-failure.ts';
import type { Store } from '../../store/store.ts';
import { requireRoom } from '../../platform/room.ts';
import { databaseName, type BackupTarget } from './backup-forms.ts';
import { BackupFolder } from './backup-folder.ts';
import { homeFiles } from './home-files.ts';
import { isTarName, TarBackup } from './tar-backup.ts';
import packageJson from '../../../package.json' with { type: 'json' };

/** What a file takes in the manifest, about. */
const manifestBytes = 200;

export interface BackupParts {
  readonly home: string;
  readonly store: Store;
  readonly now: () => Date;
}

/** Into a folder, or into one file where `to` ends in .tar. Throws BACKUP_PLACE, NO_ROOM, DISK_FULL, FILE_FORBIDDEN; then there is no new backup, and those before it are as they were. */
export async function makeBackup({ home, store, now }: BackupParts, { to, checkpoints }: { to: string; checkpoints: boolean }): Promise<BackupResult> {
  const isInHome = `${resolve(to)}${sep}`.startsWith(resolve(home) + sep);
  if (isInHome) throw new AppError('BACKUP_PLACE', { path: to, problem: 'it lies in LATHE_HOME itself' });
  try {
    const target = isTarName(to) ? new TarBackup(resolve(to)) : new BackupFolder(resolve(to));
    return await fill(target, { home, store, now }, checkpoints);
  } catch (error) {
    throw fileFailure(storeFailure(error, to), { what: 'Backup', path: to, action: 'write' });
  }
}

async function fill(target: BackupTarget, { home, store, now }: BackupParts, checkpoints: boolean): Promise<BackupResult> {
  const made = now().toISOString();
  const { files: names, links } = homeFiles(home, { checkpoints });
  await requireRoomFor(target, { home, names });
  try {
    const copy = join(target.begin(), databaseName);
    const kept = await putAll(target, home, names);
    // After the files: whatever the database tells of is there.
    await store.backup(copy);
    const schema = schemaOf(copy);
    const database = await target.put({ name: databaseName, source: copy });
    const { sha256, bytes } = database;
    const files = kept.map(({ isNew: _, ...file }) => file);
    const manifest = target.finish({ format: 1, made, version: packageJson.version, schema, database: { sha256, bytes }, files, links: [...links] });
    const all = [...kept, database];
    const fresh = all.filter(({ isNew }) => isNew);
    const outside = store.runs.folders().filter((dir) => !dir.startsWith(join(home, 'runs') + sep));
    return { manifest, files: all.length, bytes: total(all), new_files: fresh.length, new_bytes: total(fresh), outside };
  } finally {
    target.end();
  }
}

/** The database is there twice for a moment: as it is copied, and as it is kept. Throws NO_ROOM. */
async function requireRoomFor(target: BackupTarget, { home, names }: { readonly home: string; readonly names: readonly string[] }): Promise<void> {
  const database = ['', '-wal'].map((tail) => statSync(join(home, databaseName + tail), { throwIfNoEntry: false })?.size ?? 0);
  const files = await target.missingBytes(names.map((name) => join(home, name)));
  const needBytes = files + 2 * database.reduce((sum, size) => sum + size, 0) + names.length * manifestBytes;
  requireRoom({ what: 'The backup', path: target.path, needBytes });
}

type Kept = BackupFile & { readonly isNew: boolean };

/** What vanished meanwhile (an older checkpoint, a run that was removed) is left out. */
async function putAll(target: BackupTarget, home: string, paths: readonly string[]): Promise<readonly Kept[]> {
  const kept: Kept[] = [];
  for (const path of paths) {
    const source = join(home, path);
    try {
      kept.push({ path, ...(await target.put({ name: path, source })) });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT' && 'path' in error && error.path === source)) throw error;
    }
  }
  return kept;
}

const total = (files: readonly { readonly bytes: number }[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0);
