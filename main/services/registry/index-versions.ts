/** Brings versions into the store that only their folders know of, with their states and tags: after the database was lost, or a kill just before it knew. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { versionFiles, type VersionFile } from '../../../shared/domain/version-record.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { isTemporaryName } from '../../platform/atomic-files.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Store } from '../../store/store.ts';
import { finishRemovals, mendMarked } from './mend-versions.ts';
import { readTagsFile, readVersionFile } from './version-folder.ts';

export interface VersionIndexParts {
  readonly store: Store;
  /** Holds one folder a name. */
  readonly folder: string;
  readonly log: Logger;
}

/** What is known already stays as it is. Returns what was found (`name@version`), and the folders that hold no sound version. */
export function indexVersions({ store, folder, log }: VersionIndexParts): { readonly added: readonly string[]; readonly unsound: readonly string[] } {
  const added: string[] = [];
  const unsound: string[] = [];
  const attempt = (path: string, act: () => void): void => {
    try {
      act();
    } catch (error) {
      log.warn('a registry folder cannot be read', { path, problem: error instanceof Error ? error.message : String(error) });
      unsound.push(path);
    }
  };
  for (const name of foldersIn(folder)) {
    const ofName = join(folder, name);
    const known = store.versions.numbersOf(name);
    for (const version of foldersIn(ofName)) {
      const dir = join(ofName, version);
      if (known.has(version)) continue;
      attempt(dir, () => {
        addVersion(store, dir, readVersionFile(dir));
        added.push(`${name}@${version}`);
      });
    }
    attempt(ofName, () => addTags(store, name, ofName));
  }
  return { added, unsound };
}

/**
 * Called once, by who has just come to own the LATHE_HOME. Where the store is whole it knows better what was done: a change that was cut short is taken
 * back before folders are read in, so that nothing counts that the audit log does not tell of.
 */
export function recoverVersions(parts: VersionIndexParts, { isWhole = !parts.store.isNew } = {}): ReturnType<typeof indexVersions> {
  clearTemporaries(parts.folder);
  parts.store.versions.placeIn(parts.folder + sep, sep);
  if (isWhole) {
    finishRemovals(parts);
    mendMarked(parts);
  }
  const indexed = indexVersions(parts);
  mendMarked(parts);
  return indexed;
}

/** Takes away what writes that were cut short left behind. Only the host of a LATHE_HOME may, before it begins. */
export function clearTemporaries(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    for (const entry of readdirSync(join(folder, name)).filter(isTemporaryName)) rmSync(join(folder, name, entry), { recursive: true, force: true });
  }
}

function foldersIn(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() && !isTemporaryName(entry.name) ? [entry.name] : []));
}

function addVersion(store: Store, dir: string, { states, ...record }: VersionFile): void {
  const { name, version } = record;
  if (name !== basename(dirname(dir)) || version !== basename(dir)) {
    throw new AppError('VERSION_INVALID', { path: join(dir, versionFiles.record), problem: `it is about ${name}@${version}` });
  }
  store.transaction(() => {
    store.versions.insert({ state: states.at(-1)?.state ?? 'draft', dir, record });
    for (const entry of states) store.tags.addStateEntry(name, version, entry);
  });
}

/** Where the store has seen a tag of the name move, it knows better than the file. */
function addTags(store: Store, name: string, dir: string): void {
  if (store.tags.hasHistory(name)) return;
  const { tags, history } = readTagsFile(dir);
  store.transaction(() => {
    for (const entry of history) store.tags.addTagEntry(name, entry);
    for (const [tag, version] of Object.entries(tags)) if (store.versions.has({ name, version })) store.tags.put(name, tag, version);
  });
}
