/**
 * Files and folders that appear whole or not at all: made under a temporary name beside the target, flushed, renamed. What a killed process
 * leaves of them has a name that `isTemporaryName` knows.
 */
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const temporaryPattern = /^\..+\.[0-9a-f]{12}\.lathe-tmp$/;

/** Whether a name is one that an interrupted write leaves behind; such files may be removed. */
export const isTemporaryName = (name: string): boolean => temporaryPattern.test(name);

export const temporaryBeside = (path: string): string => join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.lathe-tmp`);

/** Replaces a small file. `mode`: who may read it. Throws what the file system throws. */
export function writeFileAtomically(path: string, content: string, { mode = 0o666 }: { readonly mode?: number } = {}): void {
  const temporary = temporaryBeside(path);
  mkdirSync(dirname(path), { recursive: true });
  try {
    const file = openSync(temporary, 'wx', mode);
    try {
      writeFileSync(file, content); // all of it, or it throws: writeSync may write a part
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

/** Makes the folder of `to` where it is missing. */
export function renameDurably(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  renameSync(from, to);
  syncFolder(dirname(to));
}

/** Makes renames in a folder last. Windows cannot open folders; there the file system's journal must do. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

export interface FileFacts {
  readonly bytes: number;
  readonly sha256: string;
}

const pieceBytes = 1 << 20;

/** A part of a file. */
export interface FileRange {
  readonly start: number;
  readonly bytes: number;
}

const whole: FileRange = { start: 0, bytes: Infinity };

/** Reads it piece by piece, so that the process goes on meanwhile; `onPiece` gets each. */
export async function hashFile(
  path: string,
  onPiece: (piece: Buffer) => Promise<unknown> = () => Promise.resolve(),
  { start, bytes: limit }: FileRange = whole,
): Promise<FileFacts> {
  const hash = createHash('sha256');
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(pieceBytes);
    let bytes = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(pieceBytes, limit - bytes), start + bytes);
      if (bytesRead === 0) return { bytes, sha256: hash.digest('hex') };
      const piece = buffer.subarray(0, bytesRead);
      hash.update(piece);
      await onPiece(piece);
      bytes += bytesRead;
    }
  } finally {
    await file.close();
  }
}

/** Copies and flushes; the hash is that of the bytes that were written. The target must not exist. */
export async function copyHashed(from: string, to: string, range: FileRange = whole): Promise<FileFacts> {
  await mkdir(dirname(to), { recursive: true });
  const target = await open(to, 'wx');
  try {
    const facts = await hashFile(from, (piece) => target.writeFile(piece), range);
    await target.sync();
    return facts;
  } finally {
    await target.close();
  }
}
