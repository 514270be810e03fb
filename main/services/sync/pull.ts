/** Reads what changed in HANA, page by page; the cursor moves when a page is here, and a page that is read twice changes nothing. */
import type { SyncStateRow } from '../../store/sync-state-rows.ts';
import type { HanaSession } from '../hana/hana-session.ts';
import { landmarkAt, readPage } from './changes.ts';
import { rereadAll } from './reread.ts';
import { readClock, type SyncClock } from './sync-clock.ts';
import { takeIn, type PullParts, type WhyAnew } from './take-in.ts';

/** Returns how many rows were new here. Throws HANA_*, SYNC_CLOCK_MISSING. */
export async function pull(session: HanaSession, parts: PullParts): Promise<number> {
  const { store, log } = parts;
  const clock = await readClock(session);
  const state = store.syncState.get();
  const why = await whyAnew(session, clock, state);
  if (why !== null) {
    log.info('everything is read anew', { why });
    return rereadAll(session, parts, { clock, why });
  }
  if (state.epoch === null) store.syncState.update({ epoch: clock.epoch });
  let { cursor } = state;
  let rows = 0;
  for (let isLast = clock.seq === cursor; !isLast;) {
    const page = await readPage(session, cursor, clock.seq);
    rows += await takeIn(session, page.changes, parts);
    isLast = page.isLast;
    // A landmark is read for the place where reading ends.
    const landmark = isLast ? await landmarkAt(session, page.upTo) : null;
    cursor = page.upTo;
    store.syncState.update({ cursor, landmark });
  }
  await session.rollback();
  if (rows > 0) log.info('rows read', { rows, cursor });
  return rows;
}

async function whyAnew(session: HanaSession, { seq, minSeq, epoch }: SyncClock, state: SyncStateRow): Promise<WhyAnew | null> {
  if (state.epoch === null) return null;
  if (state.epoch !== epoch || seq < state.cursor) return 'restored';
  if (state.cursor < minSeq && state.cursor > 0) return 'horizon';
  if (state.landmark === null) return null;
  const found = await landmarkAt(session, state.cursor);
  return found === state.landmark ? null : 'restored';
}
