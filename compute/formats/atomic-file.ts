/**
 * Files and folders that appear whole or not at all: written under a temporary name beside the target, flushed to the disk, renamed.
 * A failure removes the temporary; a killed process may leave one, which `isTemporaryName` recognises.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, lstatSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError, isAppError } from '../../shared/errors/app-error.ts';
import { fileError, withFileErrors } from './file-errors.ts';

const temporaryPattern = /^\..+\.[0-9a-zA-Z]+\.lathe-tmp$/;
const bufferBytes = 1 << 20;

/** Whether a name is one that an interrupted write leaves behind; such files may be removed. */
export const isTemporaryName = (name: string): boolean => temporaryPattern.test(name);

const temporaryBeside = (path: string): string => join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.lathe-tmp`);

/** Where an atomic write puts its bytes, one after the other. */
export interface FileSink {
  /** Bytes written so far. */
  readonly position: number;
  write(bytes: Uint8Array): void;
}

interface AtomicOptions {
  /** Size of the finished file if known, for the message when the disk is full. */
  readonly needBytes?: number;
}

/** Writes a file through `produce`; the target is replaced only after everything is on the disk. */
export async function writeFileAtomically(path: string, produce: (sink: FileSink) => void | Promise<void>, options: AtomicOptions = {}): Promise<void> {
  const temporary = temporaryBeside(path);
  try {
    makeFolder(dirname(path));
    const descriptor = openSync(temporary, 'wx');
    try {
      const sink = new BufferedSink(descriptor);
      await produce(sink);
      sink.flush();
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, path);
    syncFolder(dirname(path));
  } catch (error) {
    removeTemporary(temporary);
    throw fileError(error, { path, what: 'Folder', action: 'write', ...options });
  }
}

/** Replaces a small file that is at hand whole. */
export function writeWholeFileAtomically(path: string, content: string | Uint8Array): Promise<void> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return writeFileAtomically(
    path,
    (sink) => {
      sink.write(bytes);
    },
    { needBytes: bytes.length },
  );
}

/**
 * Fills a folder through `fill`, which gets a temporary one. A target that is missing or empty appears by one rename; into one that
 * holds files the new ones are renamed one by one, and nothing else in it is touched.
 */
export async function writeFolderAtomically(path: string, fill: (folder: string) => Promise<void>): Promise<void> {
  const target = resolve(path);
  const temporary = withFileErrors({ path, what: 'Folder', action: 'write' }, () => makeTemporaryFolder(target));
  try {
    await fill(temporary);
    syncFolder(temporary);
    moveFolder(temporary, target);
    syncFolder(dirname(target));
  } catch (error) {
    throw fileError(namingTarget(error, temporary, target), { path, what: 'Folder', action: 'write' });
  } finally {
    removeTemporary(temporary);
  }
}

/** Puts a file or folder that `produce` made under a temporary name in the target's place, whatever lay there; a failure leaves that as it was. */
export async function replaceAtomically<T>(path: string, produce: (temporary: string) => Promise<T>): Promise<T> {
  const target = resolve(path);
  const temporary = temporaryBeside(target);
  try {
    const result = await produce(temporary);
    withFileErrors({ path, what: 'Folder', action: 'write' }, () => {
      moveOver(temporary, target);
      syncFolder(dirname(target));
    });
    return result;
  } catch (error) {
    throw namingTarget(error, temporary, target);
  } finally {
    removeTemporary(temporary);
  }
}

/** A file takes another's place at once; where a folder is concerned, the old one steps aside first. */
function moveOver(temporary: string, target: string): void {
  const old = lstatSync(target, { throwIfNoEntry: false });
  if (old === undefined || !(old.isDirectory() || lstatSync(temporary).isDirectory())) {
    renameSync(temporary, target);
    return;
  }
  const aside = temporaryBeside(target);
  renameSync(target, aside);
  try {
    renameSync(temporary, target);
  } catch (error) {
    renameSync(aside, target);
    throw error;
  }
  removeTemporary(aside);
}

/** Clears up as far as it goes: a failure here must not hide the one that led to it. */
function removeTemporary(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // It keeps a name that isTemporaryName knows.
  }
}

/** A failure inside the temporary folder, told of the folder that the user asked for. */
function namingTarget(error: unknown, temporary: string, target: string): unknown {
  if (!isAppError(error)) return error;
  const { path } = error.facts as { path?: unknown };
  if (typeof path !== 'string' || !path.startsWith(temporary)) return error;
  return new AppError(error.code, { ...error.facts, path: target + path.slice(temporary.length) }, { cause: error });
}

function makeTemporaryFolder(target: string): string {
  makeFolder(dirname(target));
  const temporary = temporaryBeside(target);
  mkdirSync(temporary);
  return temporary;
}

function moveFolder(temporary: string, target: string): void {
  if (!existsSync(target) || readdirSync(target).length === 0) {
    rmSync(target, { recursive: true, force: true });
    renameSync(temporary, target);
    return;
  }
  for (const name of readdirSync(temporary)) renameSync(join(temporary, name), join(target, name));
  syncFolder(target);
}

/** Makes a folder and those above it. Footgun: Node's own recursive mkdir spins for ever where the system answers ENOENT, as in /proc. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  }
}

/** Makes renames in a folder last. Windows cannot open folders; there the file system's journal must do. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Collects small writes into large ones. */
class BufferedSink implements FileSink {
  position = 0;
  readonly #descriptor: number;
  readonly #buffer = Buffer.alloc(bufferBytes);
  #used = 0;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  write(bytes: Uint8Array): void {
    this.position += bytes.length;
    if (this.#used + bytes.length > bufferBytes) this.flush();
    if (bytes.length > bufferBytes) {
      this.#writeAll(bytes);
      return;
    }
    this.#buffer.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  flush(): void {
    this.#writeAll(this.#buffer.subarray(0, this.#used));
    this.#used = 0;
  }

  #writeAll(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) done += writeSync(this.#descriptor, bytes, done);
  }
}
