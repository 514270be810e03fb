/** Brings shelf entries into the store that only their folders know of: after the database was lost, or a kill just before it knew. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { shelfKinds } from '../../../shared/domain/shelf-entry.ts';
import { isTemporaryName } from '../../platform/atomic-files.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Paths } from '../../platform/paths.ts';
import type { Store } from '../../store/store.ts';
import { readEntry } from './entry-folder.ts';

export interface ShelfIndexParts {
  readonly store: Store;
  readonly paths: Paths;
  readonly log: Logger;
}

/** Called by the owner of the LATHE_HOME. Also clears away what writes that were cut short left behind. */
export function indexShelf({ store, paths, log }: ShelfIndexParts): { readonly added: readonly string[]; readonly unsound: readonly string[] } {
  const added: string[] = [];
  const unsound: string[] = [];
  for (const kind of shelfKinds) {
    const shelf = kind === 'model' ? paths.models : paths.datasets;
    for (const name of existsSync(shelf) ? readdirSync(shelf) : []) {
      const folder = join(shelf, name);
      if (isTemporaryName(name)) rmSync(folder, { recursive: true, force: true });
      else if (store.shelf.find(kind, name) === null) {
        try {
          const entry = readEntry(folder);
          if (entry === null) continue;
          store.shelf.insert({ ...entry, kind, name });
          added.push(`${kind} ${name}`);
        } catch (error) {
          log.warn('an entry of a shelf cannot be read', { path: folder, problem: error instanceof Error ? error.message : String(error) });
          unsound.push(folder);
        }
      }
    }
  }
  return { added, unsound };
}
