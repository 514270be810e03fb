/** Where each file of a tar lies in it, so that any can be read without those before it. */
import { fstatSync, readSync } from 'node:fs';
import { Header, Pax } from 'tar';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { FileRange } from '../../platform/atomic-files.ts';

const blockBytes = 512;
/** A longer description of one file is none of ours. */
const maxDescriptionBytes = 1 << 20;

/** By name. What comes after the last whole entry is left out. Throws BACKUP_DAMAGED. */
export function tarEntries(file: number, path: string): ReadonlyMap<string, FileRange> {
  const entries = new Map<string, FileRange>();
  const { size: total } = fstatSync(file);
  const block = Buffer.alloc(blockBytes);
  let described: Pax | undefined;
  for (let at = 0; at + blockBytes <= total;) {
    readSync(file, block, 0, blockBytes, at);
    const header = new Header(block, 0);
    if (header.nullBlock) break;
    if (!header.cksumValid) throw new AppError('BACKUP_DAMAGED', { path, problem: `it is no sound tar at byte ${at}` });
    const range = { start: at + blockBytes, bytes: described?.size ?? header.size ?? 0 };
    if (range.start + range.bytes > total) break;
    if (header.type === 'ExtendedHeader') described = Pax.parse(readText(file, { ...range, bytes: Math.min(range.bytes, maxDescriptionBytes) }));
    else {
      const name = described?.path ?? header.path;
      if (name !== undefined) entries.set(name, range);
      described = undefined;
    }
    at = range.start + Math.ceil(range.bytes / blockBytes) * blockBytes;
  }
  return entries;
}

export function readText(file: number, { start, bytes }: FileRange): string {
  const buffer = Buffer.alloc(bytes);
  const read = readSync(file, buffer, 0, bytes, start);
  return buffer.subarray(0, read).toString('utf8');
}
