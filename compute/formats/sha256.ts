/** SHA-256 of files, read in pieces. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { fileError } from './file-errors.ts';

/** Gives a file's SHA-256: `sha256OfFile`, or known-hashes.ts, which remembers. */
export type HashOf = (path: string) => Promise<string>;

/** Hexadecimal SHA-256 of a file's bytes. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  } catch (error) {
    throw fileError(error, { path, action: 'read' });
  }
  return hash.digest('hex');
}

/** One digest for several files: over the lines "sha256  name", sorted by name, as `sha256sum` prints them. */
export async function sha256OfFiles(paths: readonly string[], hashOf: HashOf = sha256OfFile): Promise<string> {
  const lines: string[] = [];
  for (const path of paths.toSorted((a, b) => (basename(a) < basename(b) ? -1 : 1))) lines.push(`${await hashOf(path)}  ${basename(path)}\n`);
  return createHash('sha256').update(lines.join('')).digest('hex');
}
