/** The folder of something on a shelf: entry.yaml, and the files where they were copied. */
import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { parse, stringify } from 'yaml';
import { ShelfEntry, shelfFile } from '../../../shared/domain/shelf-entry.ts';
import { AppError } from '../../../shared/errors/app-error.ts';

/** A copy's path is written from its folder on, so that a LATHE_HOME may be moved. */
export function entryYaml(entry: ShelfEntry, folder: string): string {
  return stringify({ ...entry, path: entry.is_copy ? relative(folder, entry.path) : entry.path }, { lineWidth: 0 });
}

/** null: the folder has no entry.yaml; it is then itself what stands on the shelf. Throws SHELF_ENTRY_INVALID. */
export function readEntry(folder: string): ShelfEntry | null {
  const path = join(folder, shelfFile);
  if (!existsSync(path)) return null;
  const parsed = ShelfEntry.safeParse(readYaml(path));
  if (!parsed.success) throw invalid(path, `${parsed.error.issues[0]?.path.join('.') ?? ''}: ${parsed.error.issues[0]?.message ?? ''}`);
  const entry = parsed.data;
  const inside = join(folder, entry.path);
  if (!entry.is_copy) return isAbsolute(entry.path) ? entry : fail(path, 'path: is not absolute');
  return relative(folder, inside).startsWith('..') ? fail(path, 'path: leads out of the folder') : { ...entry, path: inside };
}

function readYaml(path: string): unknown {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw invalid(path, error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
}

const invalid = (path: string, problem: string): AppError => new AppError('SHELF_ENTRY_INVALID', { path, problem });
const fail = (path: string, problem: string): never => {
  throw invalid(path, problem);
};
