/** What is in a folder of this machine, for choosing a file in a browser, which knows none of its paths. */
import { readdir, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { OutputOf, ParsedInputOf } from '../../../shared/contracts/calls.ts';
import type { FileEntry } from '../../../shared/contracts/desk-calls.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { fileFailure } from '../../platform/file-failure.ts';

type Asked = ParsedInputOf<'files.list'>;

/** Endings that the engine's readers know. */
const endings: Readonly<Record<'model' | 'data', RegExp>> = {
  model: /\.gguf$/i,
  data: /\.(jsonl|ndjson|json|csv|tsv|parquet|txt|text|md)$/i,
};

/** Entries looked at; a folder of more is none to choose from by eye. */
const mostEntries = 5_000;

const byName = new Intl.Collator('en', { numeric: true });

/** Hidden files are left out, links followed. Throws INPUT_INVALID, FILE_MISSING, FILE_FORBIDDEN. */
export async function listFiles({ dir: asked, kind }: Asked, home: string = homedir()): Promise<OutputOf<'files.list'>> {
  if (asked !== null && !isAbsolute(asked)) throw new AppError('INPUT_INVALID', { where: 'files.list.dir', problem: 'it is no absolute path' });
  const dir = resolve(asked ?? home);
  const names = await readdir(dir).catch((error: unknown) => {
    throw fileFailure(error, { what: 'Folder', path: dir, action: 'read' });
  });
  const shown = names.filter((name) => !name.startsWith('.')).slice(0, mostEntries);
  const entries = await Promise.all(shown.map((name) => entryOf(join(dir, name), name, kind)));
  const parent = dirname(dir);
  return { dir, parent: parent === dir ? null : parent, entries: entries.flatMap((entry) => entry ?? []).sort(foldersFirst) };
}

/** null: a link that leads nowhere, a socket, what may not be looked at. */
async function entryOf(path: string, name: string, kind: Asked['kind']): Promise<FileEntry | null> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() === true) return { name, path, kind: 'folder', bytes: null, fits: kind === 'folder' || (kind === 'model' && isModelFolder(path)) };
  if (found?.isFile() !== true) return null;
  return { name, path, kind: 'file', bytes: found.size, fits: kind !== 'folder' && endings[kind].test(name) };
}

/** As Hugging Face lays models out. */
const isModelFolder = (path: string): boolean => existsSync(join(path, 'config.json'));

const foldersFirst = (a: FileEntry, b: FileEntry): number => (a.kind === b.kind ? byName.compare(a.name, b.name) : a.kind === 'folder' ? -1 : 1);
