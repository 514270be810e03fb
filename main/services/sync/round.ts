/** One round: pull, push, pull. Whatever fails leaves everything as it can be gone on from. */
import type { Logger } from '../../platform/logger.ts';
import type { Store } from '../../store/store.ts';
import type { HanaSession } from '../hana/hana-session.ts';
import { auditFact } from '../audit-fact.ts';
import { heldBack } from './held-back.ts';
import { purge, tellDevice } from './devices.ts';
import { pull } from './pull.ts';
import { Push, type Pushed } from './push.ts';
import { DeviceTwice, EpochChanged } from './push-transaction.ts';
import { SharedBook, type Projection } from './shared-book.ts';

export interface RoundParts {
  readonly store: Store;
  readonly projection: Projection;
  readonly now: () => Date;
  readonly log: Logger;
  /** This version of Lathe. */
  readonly lathe: string;
}

export interface RoundResult extends Pushed {
  readonly read: number;
}

const purgeEveryMs = 86_400_000;
/** HANA may change under one round so often before it is left to the next. */
const mostTurns = 5;

export async function syncRound(session: HanaSession, parts: RoundParts, isEnding: () => boolean = () => false): Promise<RoundResult> {
  const { store, projection, log, now } = parts;
  const book = new SharedBook(store, projection);
  const push = new Push({ store, book, now, log, prepare: () => heldBack(store, now()) });
  const before = store.syncState.get().cursor;
  let read = await pull(session, { store, book, log, now });
  let pushed: Pushed = { sent: 0, late: 0, parked: 0 };
  for (let turn = 1; ; turn += 1) {
    try {
      pushed = await push.run(session, isEnding);
      break;
    } catch (error) {
      const isKnown = error instanceof EpochChanged || error instanceof DeviceTwice;
      if (!isKnown || turn === mostTurns) throw error;
      await session.rollback();
      if (error instanceof DeviceTwice) becomeAnother(parts);
      else read += await pull(session, { store, book, log, now });
    }
  }
  if (pushed.sent > 0) read += await pull(session, { store, book, log, now });
  await keepBooks(session, parts, before);
  return { ...pushed, read };
}

async function keepBooks(session: HanaSession, { store, now, lathe }: RoundParts, before: number): Promise<void> {
  const state = store.syncState.get();
  const isDue = state.purged === null || now().getTime() - Date.parse(state.purged) > purgeEveryMs;
  if (state.cursor !== before || isDue) await tellDevice(session, state, lathe);
  if (!isDue) return;
  await purge(session, now());
  store.syncState.update({ purged: now().toISOString() });
}

/** A copy of a LATHE_HOME tells its audit log under the name of the first: from now on it has one of its own, and tells it from the beginning. */
function becomeAnother({ store, now, log }: RoundParts): void {
  log.warn('another LATHE_HOME is the same device as this one: this one is another from now on');
  store.transaction(() => {
    store.outbox.forget('audit');
    const { device } = store.syncState.renewDevice();
    for (let last = 0; ;) {
      const rows = store.audit.after(last, 500);
      for (const row of rows) store.outbox.put(auditFact(device, row), now());
      if (rows.length === 0) break;
      last = rows.at(-1)?.seq ?? last;
    }
  });
}
