/** What people know a file by: the name it has on a shelf, where it stands on one. */
import type { ShelfEntry } from './shelf-entry.ts';

type Named = Pick<ShelfEntry, 'name' | 'path'>;

/** `reference`: a path, or a name already. null: it is on no shelf. Of two names for one file the first counts. */
export const shelfNameOf = (reference: string, shelf: readonly Named[]): string | null =>
  (shelf.find(({ name }) => name === reference) ?? shelf.find(({ path }) => path === reference))?.name ?? null;
