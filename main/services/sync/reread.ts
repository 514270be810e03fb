/** Reads all of HANA: after it was restored from a backup, or where this device was away longer than what was taken away is told. */
import { randomUUID } from 'node:crypto';
import type { SharedRow } from '../../store/shared-rows.ts';
import type { OutboxFact } from '../../store/outbox-rows.ts';
import type { Store } from '../../store/store.ts';
import type { HanaSession } from '../hana/hana-session.ts';
import { landmarkAt, readPage, type Change } from './changes.ts';
import { contentOf } from './fact-content.ts';
import { takeIn, type PullParts, type WhyAnew } from './take-in.ts';
import { raiseClock, type SyncClock } from './sync-clock.ts';

const keyOf = ({ entity, id }: Pick<SharedRow, 'entity' | 'id'>): string => `${entity}\n${id}`;

/** From the first row to the last; where it is cut off it begins again. Returns how many rows were new here. */
export async function rereadAll(session: HanaSession, parts: PullParts, { clock, why }: { clock: SyncClock; why: WhyAnew }): Promise<number> {
  const { store } = parts;
  const epoch = why === 'restored' ? await newEpoch(session, clock, store) : clock.epoch;
  const seen = new Set<string>();
  let rows = 0;
  let cursor = 0;
  for (let isLast = false; !isLast;) {
    const page = await readPage(session, cursor, clock.seq);
    for (const change of page.changes) seen.add(keyOf(change));
    if (why === 'restored') keepOurs(store, page.changes, parts.now());
    rows += await takeIn(session, page.changes, parts);
    ({ upTo: cursor, isLast } = page);
  }
  const gone = store.shared.keys().filter((key) => !seen.has(keyOf(key)));
  if (why === 'restored') tellAgain(store, gone, parts.now());
  else takeAway(gone, parts, cursor);
  const landmark = await landmarkAt(session, cursor);
  await session.rollback();
  store.syncState.update({ epoch, cursor, landmark });
  return rows;
}

/** Where nobody has noticed yet that HANA went back: every device shall. */
async function newEpoch(session: HanaSession, { epoch }: SyncClock, store: Store): Promise<string> {
  if (store.syncState.get().epoch !== epoch) return epoch;
  const { epoch: held } = await raiseClock(session);
  if (held !== epoch) {
    await session.rollback();
    return held;
  }
  const next = randomUUID();
  await session.update('UPDATE LATHE_SYNC_CLOCK SET EPOCH = ? WHERE ID = 1', [next]);
  await session.commit();
  return next;
}

/** What was seen here and HANA has lost is said anew; where it went on another way since, what this device said is not passed over. */
function keepOurs(store: Store, changes: readonly Change[], at: Date): void {
  const device = store.syncState.get().device;
  for (const change of changes) {
    const mark = store.shared.markOf(change);
    if (mark === null || mark.hash === change.hash || store.outbox.isUnsent(change)) continue;
    const row = store.shared.find(change);
    if (row === null || (mark.rev <= change.rev && row.device !== device)) continue;
    store.transaction(() => {
      store.outbox.put(factOf(row), at);
      // A base that HANA is behind of: ours goes on from there. Else there is none, and push finds two that do not know of each other.
      if (mark.rev > change.rev) store.shared.put({ ...row, rev: change.rev, hash: change.hash });
      else store.shared.remove(row);
    });
  }
}

function tellAgain(store: Store, gone: readonly { readonly entity: string; readonly id: string }[], at: Date): void {
  store.transaction(() => {
    for (const key of gone) {
      const row = store.shared.find(key);
      if (row === null || row.payload === null) store.shared.remove(key);
      else if (!store.outbox.isUnsent(row)) store.outbox.put(factOf(row), at);
    }
  });
}

/** They were taken away while this device was not there, and the traces are cleared away too. */
function takeAway(gone: readonly { readonly entity: string; readonly id: string; readonly isAway: boolean }[], { store, book }: PullParts, seq: number): void {
  for (const key of gone) {
    const row = store.shared.find(key);
    if (row === null || store.outbox.isUnsent(key)) continue;
    if (!key.isAway) book.accept({ ...row, rev: row.rev + 1, hash: contentOf(null, 1).hash, payload: null, seq });
    store.shared.remove(key);
  }
}

const factOf = ({ entity, id, schema, payload }: SharedRow): OutboxFact => ({ entity: entity as OutboxFact['entity'], id, schema, payload });
