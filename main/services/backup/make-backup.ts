/** Makes a backup while everything goes on: the files first, then the database, then the manifest that makes it count. */
import { join, resolve, sep } from 'node:path';
import type { BackupResult } from '../../../shared/contracts/store-calls.ts';
import type { BackupFile } from '../../../shared/domain/backup-manifest.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { fileFailure } from '../../platform/file-failure.ts';
import { schemaOf } from '../../store/examine-database.ts';
import { storeFailure } from '../../store/store-failure.ts';
import type { Store } from '../../store/store.ts';
import { BackupFolder } from './backup-folder.ts';
import { homeFiles } from './home-files.ts';
import packageJson from '../../../package.json' with { type: 'json' };

export interface BackupParts {
  readonly home: string;
  readonly store: Store;
  readonly now: () => Date;
}

/** Throws BACKUP_PLACE, DISK_FULL, FILE_FORBIDDEN; then there is no new backup, and those before it are as they were. */
export async function makeBackup({ home, store, now }: BackupParts, { to, checkpoints }: { to: string; checkpoints: boolean }): Promise<BackupResult> {
  const isInHome = `${resolve(to)}${sep}`.startsWith(resolve(home) + sep);
  if (isInHome) throw new AppError('BACKUP_PLACE', { path: to, problem: 'it lies in LATHE_HOME itself' });
  try {
    return await fill(new BackupFolder(resolve(to)), { home, store, now }, checkpoints);
  } catch (error) {
    throw fileFailure(storeFailure(error, to), { what: 'Backup folder', path: to, action: 'write' });
  }
}

async function fill(folder: BackupFolder, { home, store, now }: BackupParts, checkpoints: boolean): Promise<BackupResult> {
  const made = now().toISOString();
  const copy = join(folder.begin(), 'lathe.db');
  try {
    const { files: names, links } = homeFiles(home, { checkpoints });
    const kept = await putAll(folder, home, names);
    // After the files: whatever the database tells of is there.
    await store.backup(copy);
    const schema = schemaOf(copy);
    const database = await folder.put(copy);
    const { sha256, bytes } = database;
    const files = kept.map(({ isNew: _, ...file }) => file);
    const manifest = folder.finish({ format: 1, made, version: packageJson.version, schema, database: { sha256, bytes }, files, links: [...links] });
    const all = [...kept, database];
    const fresh = all.filter(({ isNew }) => isNew);
    const outside = store.runs.folders().filter((dir) => !dir.startsWith(join(home, 'runs') + sep));
    return { manifest, files: all.length, bytes: total(all), new_files: fresh.length, new_bytes: total(fresh), outside };
  } finally {
    folder.end();
  }
}

type Kept = BackupFile & { readonly isNew: boolean };

/** What vanished meanwhile (an older checkpoint, a run that was removed) is left out. */
async function putAll(folder: BackupFolder, home: string, paths: readonly string[]): Promise<readonly Kept[]> {
  const kept: Kept[] = [];
  for (const path of paths) {
    try {
      kept.push({ path, ...(await folder.put(join(home, path))) });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT' && 'path' in error && error.path === join(home, path))) throw error;
    }
  }
  return kept;
}

const total = (files: readonly { readonly bytes: number }[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0);
