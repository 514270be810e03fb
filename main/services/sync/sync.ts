/** What can be asked about the sync, whoever asks: how it stands, what is open, what others have. */
import type { OutputOf, ParsedInputOf } from '../../../shared/contracts/calls.ts';
import type { SyncConflict, SyncNow, SyncStatus } from '../../../shared/contracts/sync-calls.ts';
import { isAllowed } from '../../../shared/domain/role.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { fromWireError } from '../../../shared/errors/wire-error.ts';
import type { Store } from '../../store/store.ts';
import type { Caller } from '../caller.ts';
import type { Connection } from '../connection.ts';
import type { EventHub } from '../event-hub.ts';
import { knownConflicts, type KnownConflict } from './conflict.ts';
import { settleConflict, type SettleParts } from './settle-conflict.ts';
import type { SyncWorker } from './sync-worker.ts';

export interface SyncParts extends SettleParts {
  readonly store: Store;
  readonly connection: Connection;
  readonly hub: EventHub;
  readonly worker: SyncWorker;
}

/** How many refused rows are shown. */
const shownProblems = 100;

export class Sync {
  readonly #parts: SyncParts;
  #told = '';

  constructor(parts: SyncParts) {
    this.#parts = parts;
  }

  status(): SyncStatus {
    const { store, connection } = this.#parts;
    const { device, cursor } = store.syncState.get();
    return {
      ...this.now(),
      ...store.outbox.size(),
      connected: connection.id !== null,
      device,
      cursor,
      oldest: store.outbox.oldest(),
      entities: store.outbox.sizes(),
      problems: store.outbox.parked(shownProblems),
      shared: [...store.shared.sizes()],
    };
  }

  now(): SyncNow {
    const { store, worker, connection } = this.#parts;
    const { problem, last_round } = store.syncState.get();
    const { state, until } = worker.state;
    const { pending, sending, parked } = store.outbox.size();
    const error = problem === null || connection.id === null ? null : fromWireError(problem);
    const conflicts = knownConflicts(store).filter(({ conflict }) => conflict.state === 'open').length;
    return {
      ...{ state, until: until?.toISOString() ?? null, pending: pending + sending, parked, conflicts, last_round },
      problem: error === null || problem === null ? null : { code: problem.code, facts: problem.facts, message: error.message, remedy: error.remedy },
    };
  }

  /** Whoever listens is told where something is otherwise than before. */
  tell(): void {
    const now = this.now();
    const told = JSON.stringify(now);
    if (told === this.#told) return;
    this.#told = told;
    this.#parts.hub.publish({ event: 'sync.changed', data: now });
  }

  /** Throws SYNC_NOT_CONNECTED, and what stopped it. */
  async run(): Promise<OutputOf<'sync.now'>> {
    this.#requireConnection();
    const { sent, late, parked, read } = await this.#parts.worker.now();
    return { sent, late, parked, read };
  }

  conflicts({ state }: ParsedInputOf<'sync.conflicts'>): OutputOf<'sync.conflicts'> {
    const all = knownConflicts(this.#parts.store).filter(({ conflict }) => state === null || conflict.state === state);
    return { conflicts: all.map((known) => this.#shown(known)).toSorted((one, two) => (one.at < two.at ? 1 : -1)) };
  }

  settle({ conflict, keep }: ParsedInputOf<'sync.settle'>, { actor }: Pick<Caller, 'actor'>): SyncConflict {
    this.#requireConnection();
    const settled = this.#shown(settleConflict({ conflict, keep, actor }, this.#parts));
    this.tell();
    return settled;
  }

  retry(): OutputOf<'sync.retry'> {
    const { store, worker } = this.#parts;
    const rows = store.transaction(() => store.outbox.retry());
    worker.wake();
    this.tell();
    return { rows };
  }

  /** Throws ROLE_MISSING for the audit log, INPUT_INVALID. */
  rows({ entity, text, device, limit, after }: ParsedInputOf<'sync.rows'>, { role }: Pick<Caller, 'role'>): OutputOf<'sync.rows'> {
    const { store } = this.#parts;
    if (entity === 'audit' && !isAllowed(role, 'admin'))
      throw new AppError('ROLE_MISSING', { action: 'sync.rows of the audit log', needs: 'admin', has: role });
    const own = store.syncState.get().device;
    const rows = store.shared.list({ entity, text, device, limit: limit + 1, after: after === null ? null : placeOf(after) });
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      rows: shown.map(({ id, rev, device: by, updated_at, payload }) => ({ id, rev, device: by, is_ours: by === own, updated_at, payload })),
      next: rows.length > limit && last !== undefined ? `${last.seq}:${last.id}` : null,
    };
  }

  #requireConnection(): void {
    if (this.#parts.connection.id === null) throw new AppError('SYNC_NOT_CONNECTED', {});
  }

  #shown({ row, conflict }: KnownConflict): SyncConflict {
    const { entity, id, kind, clashes, at, device, mine, theirs, state, kept, settled_by, settled_at } = conflict;
    const isOurs = device === this.#parts.store.syncState.get().device;
    const sides = { mine: { device, payload: mine.payload }, theirs: { device: theirs.device, payload: theirs.payload } };
    return { conflict: row.id, entity, id, kind, clashes, at, is_ours: isOurs, ...sides, state, kept, settled_by, settled_at };
  }
}

function placeOf(after: string): { readonly seq: number; readonly id: string } {
  const [seq = ''] = after.split(':');
  if (!/^\d+$/.test(seq)) throw new AppError('INPUT_INVALID', { where: 'sync.rows.after', problem: 'must be `next` of the page before' });
  return { seq: Number(seq), id: after.slice(seq.length + 1) };
}
