/** A folder of backups: files by their hash, so that a later backup copies only what is new, and one manifest a backup. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { copyHashed, type FileFacts, hashFile, renameDurably, writeFileAtomically } from '../../platform/atomic-files.ts';
import { BackupManifest } from '../../../shared/domain/backup-manifest.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { fileFailure } from '../../platform/file-failure.ts';

const objects = 'objects';
/** What is being made by a process that may have died. */
const making = '.making-';
const isManifest = (name: string): boolean => /^backup-[\dTZ]+(-\d+)?\.json$/.test(name);

export class BackupFolder {
  readonly path: string;
  readonly #making: string;
  #copies = 0;

  /** Throws BACKUP_PLACE where something else lies there. */
  constructor(path: string) {
    this.path = path;
    this.#making = join(path, `${making}${process.pid}`);
    const names = existsSync(path) ? readdirSync(path) : [];
    const strange = names.find((name) => name !== objects && !name.startsWith(making) && !isManifest(name));
    if (strange !== undefined) throw new AppError('BACKUP_PLACE', { path, problem: `there is ${strange}` });
  }

  /** Gives a folder for what is not finished; clears away what earlier ones left. */
  begin(): string {
    mkdirSync(this.path, { recursive: true });
    for (const name of readdirSync(this.path)) if (name.startsWith(making)) rmSync(join(this.path, name), { recursive: true, force: true });
    mkdirSync(this.#making);
    return this.#making;
  }

  end(): void {
    rmSync(this.#making, { recursive: true, force: true });
  }

  /** A file that changes meanwhile is kept as it was copied. */
  async put(source: string): Promise<FileFacts & { readonly isNew: boolean }> {
    const before = await hashFile(source);
    if (this.#holds(before)) return { ...before, isNew: false };
    const temporary = join(this.#making, String((this.#copies += 1)));
    const copied = await copyHashed(source, temporary);
    renameDurably(temporary, this.objectPath(copied.sha256));
    return { ...copied, isNew: true };
  }

  objectPath(sha256: string): string {
    return join(this.path, objects, sha256.slice(0, 2), sha256);
  }

  /** From here on the backup counts. Returns the manifest's path. */
  finish(manifest: Omit<BackupManifest, 'seal'>): string {
    const stamp = manifest.made.replaceAll(/[-:]|\.\d+/g, '');
    const names = [`backup-${stamp}.json`, ...Array.from({ length: 99 }, (_, again) => `backup-${stamp}-${again + 2}.json`)];
    const path = join(this.path, names.find((name) => !existsSync(join(this.path, name))) ?? '');
    const temporary = join(this.#making, 'manifest');
    writeFileAtomically(temporary, `${JSON.stringify({ ...manifest, seal: sealOf(manifest) }, null, 1)}\n`);
    renameDurably(temporary, path);
    return path;
  }

  #holds({ sha256, bytes }: FileFacts): boolean {
    return statSync(this.objectPath(sha256), { throwIfNoEntry: false })?.size === bytes;
  }
}

/** A backup by its folder (the newest in it) or by its manifest. Throws BACKUP_NONE, BACKUP_DAMAGED. */
export function openBackup(reference: string): { readonly folder: BackupFolder; readonly path: string; readonly manifest: BackupManifest } {
  const path = manifestPath(reference);
  if (path === null || !existsSync(path)) throw new AppError('BACKUP_NONE', { path: reference });
  return { folder: new BackupFolder(dirname(path)), path, manifest: readManifest(path) };
}

function manifestPath(reference: string): string | null {
  if (isManifest(basename(reference))) return reference;
  if (statSync(reference, { throwIfNoEntry: false })?.isDirectory() !== true) return null;
  const newest = readdirSync(reference).filter(isManifest).sort(byAge).at(-1);
  return newest === undefined ? null : join(reference, newest);
}

/** `backup-…Z-10` comes after `backup-…Z-9`. */
const byAge = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

function readManifest(path: string): BackupManifest {
  const damaged = (problem: string, cause?: unknown): AppError => new AppError('BACKUP_DAMAGED', { path, problem }, { cause });
  let raw: unknown;
  try {
    raw = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw cause instanceof SyntaxError ? damaged('it is no JSON', cause) : fileFailure(cause, { what: 'Backup', path, action: 'read' });
  }
  const parsed = BackupManifest.safeParse(raw);
  if (!parsed.success) throw damaged(`${parsed.error.issues[0]?.path.join('.') ?? ''}: ${parsed.error.issues[0]?.message ?? ''}`);
  const { seal, ...content } = parsed.data;
  if (sealOf(content) !== seal) throw damaged('its seal does not fit what it says');
  return parsed.data;
}

const sealOf = ({ format, made, version, schema, database, files, links }: Omit<BackupManifest, 'seal'>): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        format,
        made,
        version,
        schema,
        [database.sha256, database.bytes],
        files.map(({ path, sha256, bytes }) => [path, sha256, bytes]),
        links.map(({ path, target }) => [path, target]),
      ]),
    )
    .digest('hex');
