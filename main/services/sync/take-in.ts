/** Takes in what changed: rows that are not here as they are there, a slice at a time, so that this process answers others meanwhile. */
import { setImmediate as others } from 'node:timers/promises';
import type { Logger } from '../../platform/logger.ts';
import type { SharedRow } from '../../store/shared-rows.ts';
import type { Store } from '../../store/store.ts';
import type { HanaSession } from '../hana/hana-session.ts';
import type { Change } from './changes.ts';
import { mostRows, readRows } from './read-rows.ts';
import type { SharedBook } from './shared-book.ts';

export interface PullParts {
  readonly store: Store;
  readonly book: SharedBook;
  readonly log: Logger;
  readonly now: () => Date;
}

/** How long this process is held up at most before others are heard. */
const sliceMs = 15;

export type WhyAnew = 'restored' | 'horizon';

/** Those that are not here as they are there; what is unsent here is left to push. */
export async function takeIn(session: HanaSession, changes: readonly Change[], { store, book }: Pick<PullParts, 'store' | 'book'>): Promise<number> {
  const missing = changes.filter((change) => {
    const mark = store.shared.markOf(change);
    return (mark?.rev !== change.rev || mark.hash !== change.hash) && !store.outbox.isUnsent(change);
  });
  // Versions before the tags that stand on them.
  for (const [entity, of] of Map.groupBy(missing, (each) => each.entity)) {
    const ids = of.map(({ id }) => id);
    for (let from = 0; from < ids.length; from += mostRows) {
      const rows = await readRows(session, entity, ids.slice(from, from + mostRows));
      // Rows alone are one write; what appears in a folder is a change of its own.
      if (book.makesFiles(entity)) await oneByOne(rows, book);
      else store.transaction(() => rows.forEach((row) => book.accept(row)));
    }
  }
  return missing.length;
}

async function oneByOne(rows: readonly SharedRow[], book: SharedBook): Promise<void> {
  let began = performance.now();
  for (const row of rows) {
    book.accept(row);
    if (performance.now() - began < sliceMs) continue;
    await others();
    began = performance.now();
  }
}
