/** Writes a version as a folder that PEFT and the Hugging Face hub take as it is: adapter files at its top, the card as README.md. */
import { existsSync, readdirSync, readFileSync, renameSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { versionFiles } from '../../../shared/domain/version-record.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { fileFailure } from '../../platform/file-failure.ts';
import type { StoredVersion } from '../../store/version-rows.ts';
import { prepareFolder, requireHere, type Prepared } from './artifacts.ts';

const exportedName = (path: string): string => (path === versionFiles.card ? 'README.md' : path.replace(/^(adapter|model)\//, ''));

export interface ExportOptions {
  readonly force: boolean;
  /** What is known since the card was written, to stand at its end. */
  readonly section: string;
}

/** Returns the names of what was written. Throws VERSION_EMPTY, EXPORT_TAKEN, ARTIFACT_CHANGED, DISK_FULL. */
export async function exportVersion({ dir, record }: StoredVersion, to: string, { force, section }: ExportOptions): Promise<string[]> {
  const { name, version, artifacts } = record;
  if (record.kind === 'note') throw new AppError('VERSION_EMPTY', { name, version });
  requireHere(dir, record);
  const isFree = !existsSync(to) || readdirSync(to).length === 0;
  if (!isFree && !force) throw new AppError('EXPORT_TAKEN', { path: to });
  const missing = artifacts.find(({ path }) => !existsSync(join(dir, path)));
  if (missing !== undefined) throw new AppError('ARTIFACT_CHANGED', { name, version, path: missing.path, problem: 'it is missing' });
  const contents = [...artifacts.map(({ path }) => path), versionFiles.record].map((path) => ({ name: exportedName(path), from: join(dir, path) }));
  const folder = await prepareFolder(to, contents);
  try {
    requireCopied(record, folder);
    if (section !== '') await folder.write(exportedName(versionFiles.card), readFileSync(join(dir, versionFiles.card), 'utf8') + section);
    return place(folder, to, isFree);
  } catch (error) {
    folder.discard();
    throw fileFailure(error, { what: 'Folder', path: to, action: 'write' });
  }
}

/** The hashes of what was just written against those of the record: a file that changed goes no further. */
function requireCopied({ name, version, artifacts }: StoredVersion['record'], folder: Prepared): void {
  for (const { path, sha256 } of artifacts) {
    const copied = folder.artifacts.find((each) => each.path === exportedName(path));
    if (copied?.sha256 !== sha256) throw new AppError('ARTIFACT_CHANGED', { name, version, path, problem: 'its SHA-256 is another' });
  }
}

function place(folder: Prepared, to: string, isFree: boolean): string[] {
  const names = readdirSync(folder.path).sort();
  if (isFree) {
    if (existsSync(to)) rmdirSync(to);
    folder.publish();
    return names;
  }
  for (const name of names) renameSync(join(folder.path, name), join(to, name));
  folder.discard();
  return names;
}
