/**
 * A backup as one tar file: every file of the home under its own name, the database, and the manifest last, so that a file that was cut off has none.
 * It bears its name only when it is whole.
 */
import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Header, Pax } from 'tar';
import type { BackupManifest } from '../../../shared/domain/backup-manifest.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { hashFile, isTemporaryName, syncFolder, temporaryBeside, type FileFacts } from '../../platform/atomic-files.ts';
import type { BackupSource, BackupTarget, NamedSource, PutFile } from './backup-forms.ts';
import { manifestText, parseManifest } from './manifest-text.ts';
import { readText, tarEntries } from './tar-entries.ts';

export const manifestName = 'backup.json';
const blockBytes = 512;

export const isTarName = (path: string): boolean => path.endsWith('.tar');

export class TarBackup implements BackupTarget {
  readonly path: string;
  /** Holds the file until it is whole, and the copy of the database. */
  readonly #making: string;
  #file: number | null = null;
  #position = 0;

  /** Throws BACKUP_PLACE where something lies there. */
  constructor(path: string) {
    if (existsSync(path)) throw new AppError('BACKUP_PLACE', { path, problem: 'there is a file of that name' });
    this.path = path;
    this.#making = temporaryBeside(path);
  }

  begin(): string {
    const folder = dirname(this.path);
    mkdirSync(folder, { recursive: true });
    const isLeft = (name: string): boolean => isTemporaryName(name) && name.startsWith(`.${basename(this.path)}.`);
    for (const name of readdirSync(folder).filter(isLeft)) rmSync(join(folder, name), { recursive: true, force: true });
    mkdirSync(this.#making);
    this.#file = openSync(join(this.#making, 'tar'), 'wx');
    return this.#making;
  }

  /** With what each takes besides its bytes. */
  missingBytes(sources: readonly string[]): Promise<number> {
    const sizes = sources.map((source) => statSync(source, { throwIfNoEntry: false })?.size ?? 0);
    return Promise.resolve(sizes.reduce((sum, size) => sum + size + 2 * blockBytes, 0));
  }

  /** Of a file that grows meanwhile, what it had; one that became shorter is taken again. */
  async put({ name, source }: NamedSource): Promise<PutFile> {
    const start = this.#position;
    try {
      for (;;) {
        const { size } = statSync(source);
        this.#position = start;
        this.#writeHeader(name, size);
        const facts = await this.#copy(source, size);
        if (facts.bytes === size) return { ...facts, isNew: true };
      }
    } catch (error) {
      // One that is gone leaves no trace.
      this.#position = start;
      throw error;
    }
  }

  finish(manifest: Omit<BackupManifest, 'seal'>): string {
    const text = Buffer.from(manifestText(manifest));
    this.#writeHeader(manifestName, text.length);
    this.#write(text);
    this.#pad();
    this.#write(Buffer.alloc(2 * blockBytes));
    const file = this.#file ?? 0;
    // Longer than it is where a file that became shorter was taken again.
    ftruncateSync(file, this.#position);
    fsyncSync(file);
    closeSync(file);
    this.#file = null;
    renameSync(join(this.#making, 'tar'), this.path);
    syncFolder(dirname(this.path));
    return this.path;
  }

  end(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
    rmSync(this.#making, { recursive: true, force: true });
  }

  async #copy(source: string, bytes: number): Promise<FileFacts> {
    const facts = await hashFile(
      source,
      (piece) => {
        this.#write(piece);
        return Promise.resolve();
      },
      { start: 0, bytes },
    );
    this.#pad();
    return facts;
  }

  #writeHeader(path: string, size: number): void {
    const header = new Header({ path, size, type: 'File', mode: 0o600, mtime: new Date(0) });
    const block = Buffer.alloc(blockBytes);
    // What does not fit into a header goes before it.
    if (header.encode(block, 0)) this.#write(new Pax({ path, size }).encode());
    this.#write(block);
  }

  #pad(): void {
    this.#write(Buffer.alloc((blockBytes - (this.#position % blockBytes)) % blockBytes));
  }

  #write(bytes: Buffer): void {
    for (let done = 0; done < bytes.length;) {
      const written = writeSync(this.#file ?? 0, bytes, done, bytes.length - done, this.#position);
      done += written;
      this.#position += written;
    }
  }
}

/** Throws BACKUP_NONE, BACKUP_DAMAGED. */
export function openTarBackup(path: string): BackupSource {
  if (!existsSync(path)) throw new AppError('BACKUP_NONE', { path });
  const file = openSync(path, 'r');
  try {
    if (fstatSync(file).size === 0) throw new AppError('BACKUP_NONE', { path });
    const entries = tarEntries(file, path);
    const last = entries.get(manifestName);
    if (last === undefined) throw new AppError('BACKUP_DAMAGED', { path, problem: `it holds no ${manifestName}: it was cut off, or is no backup` });
    const manifest = parseManifest(readText(file, last), path);
    return {
      path,
      manifest,
      find: ({ path: name }) => {
        const range = entries.get(name);
        return range === undefined ? null : { file: path, ...range };
      },
    };
  } finally {
    closeSync(file);
  }
}
