/** Where the other things of a shelf are, for the page of one of them. */
import type { ShelfKind } from '../../../shared/domain/shelf-entry.ts';
import type { EntryList } from '../../components/entry.tsx';
import { texts } from '../../texts/texts.ts';
import { shelfPath } from './shelf-kinds.ts';

export const shelfList = (kind: ShelfKind): EntryList => {
  const { title, all, none } = texts.shelf.kinds[kind];
  return { href: shelfPath(kind), title, all, none };
};
