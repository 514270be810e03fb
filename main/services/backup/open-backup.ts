/** Finds a backup by what the user names, whichever form it has. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import { fileFailure } from '../../platform/file-failure.ts';
import type { BackupSource } from './backup-forms.ts';
import { BackupFolder, isManifest } from './backup-folder.ts';
import { parseManifest } from './manifest-text.ts';
import { isTarName, openTarBackup } from './tar-backup.ts';

/** By its folder (the newest in it), by its manifest, or by its one file. Throws BACKUP_NONE, BACKUP_DAMAGED. */
export function openBackup(reference: string): BackupSource {
  if (isTarName(reference)) return openTarBackup(reference);
  const path = manifestPath(reference);
  if (path === null || !existsSync(path)) throw new AppError('BACKUP_NONE', { path: reference });
  const folder = new BackupFolder(dirname(path));
  return {
    path,
    manifest: parseManifest(readText(path), path),
    find: ({ sha256 }) => (existsSync(folder.objectPath(sha256)) ? { file: folder.objectPath(sha256), start: 0, bytes: Infinity } : null),
  };
}

function manifestPath(reference: string): string | null {
  if (isManifest(basename(reference))) return reference;
  if (statSync(reference, { throwIfNoEntry: false })?.isDirectory() !== true) return null;
  const newest = readdirSync(reference).filter(isManifest).sort(byAge).at(-1);
  return newest === undefined ? null : join(reference, newest);
}

/** `backup-…Z-10` comes after `backup-…Z-9`, and that after `backup-…Z`. */
const byAge = (a: string, b: string): number => stem(a).localeCompare(stem(b), 'en', { numeric: true });
const stem = (name: string): string => basename(name, '.json');

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw fileFailure(cause, { what: 'Backup', path, action: 'read' });
  }
}
