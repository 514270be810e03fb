/** The files of a model or data set: what they weigh, whether they are as they were, and a copy of them that appears whole. */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { shelfFile, type ShelfEntry } from '../../../shared/domain/shelf-entry.ts';
import { copyHashed, renameDurably, temporaryBeside } from '../../platform/atomic-files.ts';
import { entryYaml } from './entry-folder.ts';

/** One file, or those of a folder, below `path`; '' is the file itself. */
export function filesOf(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [''];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .sort();
}

export const bytesOf = (path: string): number => filesOf(path).reduce((sum, name) => sum + statSync(join(path, name)).size, 0);

/** Makes the folder of an entry, whole or not at all; a copy's files come into it. Returns the entry as it stands then. */
export async function makeEntryFolder(folder: string, entry: ShelfEntry): Promise<ShelfEntry> {
  const temporary = temporaryBeside(folder);
  const inside = join('files', basename(entry.path));
  const made = entry.is_copy ? { ...entry, path: join(folder, inside) } : entry;
  try {
    mkdirSync(temporary, { recursive: true });
    if (entry.is_copy) for (const name of filesOf(entry.path)) await copyHashed(join(entry.path, name), join(temporary, inside, name));
    writeFileSync(join(temporary, shelfFile), entryYaml(made, folder), { flush: true });
    renameDurably(temporary, folder);
    return made;
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    throw error;
  }
}

/** Under a name that counts for nothing first, so that a kill leaves no half of it. */
export function removeEntryFolder(folder: string, forget: () => void): void {
  const temporary = temporaryBeside(folder);
  const isThere = existsSync(folder);
  mkdirSync(dirname(folder), { recursive: true });
  if (isThere) renameDurably(folder, temporary);
  try {
    forget();
  } catch (error) {
    if (isThere) renameDurably(temporary, folder);
    throw error;
  }
  rmSync(temporary, { recursive: true, force: true });
}
