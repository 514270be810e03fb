/** A folder of backups: files by their hash, so that a later backup copies only what is new, and one manifest a backup. */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { copyHashed, type FileFacts, hashFile, renameDurably, writeFileAtomically } from '../../platform/atomic-files.ts';
import type { BackupManifest } from '../../../shared/domain/backup-manifest.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { BackupTarget, NamedSource, PutFile } from './backup-forms.ts';
import { manifestText } from './manifest-text.ts';

const objects = 'objects';
/** What is being made by a process that may have died. */
const making = '.making-';
export const isManifest = (name: string): boolean => /^backup-[\dTZ]+(-\d+)?\.json$/.test(name);

export class BackupFolder implements BackupTarget {
  readonly path: string;
  readonly #making: string;
  readonly #hashed = new Map<string, FileFacts>();
  #copies = 0;

  /** Throws BACKUP_PLACE where something else lies there. */
  constructor(path: string) {
    this.path = path;
    this.#making = join(path, `${making}${process.pid}`);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory() === false) throw new AppError('BACKUP_PLACE', { path, problem: 'there is a file' });
    const names = found === undefined ? [] : readdirSync(path);
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

  /** Bytes of these files that are not here yet. */
  async missingBytes(sources: readonly string[]): Promise<number> {
    let bytes = 0;
    for (const source of sources) {
      if (!existsSync(source)) continue;
      const facts = await hashFile(source);
      this.#hashed.set(source, facts);
      if (!this.#holds(facts)) bytes += facts.bytes;
    }
    return bytes;
  }

  /** A file that changes meanwhile is kept as it was copied. */
  async put({ source }: NamedSource): Promise<PutFile> {
    const before = this.#hashed.get(source) ?? (await hashFile(source));
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
    const stamp = this.#nameAfterAll(manifest.made.replaceAll(/[-:]|\.\d+/g, ''));
    const names = [`backup-${stamp}.json`, ...Array.from({ length: 99 }, (_, again) => `backup-${stamp}-${again + 2}.json`)];
    const path = join(this.path, names.find((name) => !existsSync(join(this.path, name))) ?? '');
    const temporary = join(this.#making, 'manifest');
    writeFileAtomically(temporary, manifestText(manifest));
    renameDurably(temporary, path);
    return path;
  }

  /** The newest is known by its name: where the clock was set back it takes the time of the one before. */
  #nameAfterAll(stamp: string): string {
    const stamps = readdirSync(this.path).flatMap((name) => /^backup-([\dTZ]+)/.exec(name)?.[1] ?? []);
    return [...stamps, stamp].sort().at(-1) ?? stamp;
  }

  #holds({ sha256, bytes }: FileFacts): boolean {
    return statSync(this.objectPath(sha256), { throwIfNoEntry: false })?.size === bytes;
  }
}
