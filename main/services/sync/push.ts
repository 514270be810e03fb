/** Sends what waits: each batch is one transaction in HANA, under one change number, and marked here only after its commit. */
import { isAppError } from '../../../shared/errors/app-error.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Operation } from '../../store/outbox-rows.ts';
import type { Store } from '../../store/store.ts';
import type { HanaSession } from '../hana/hana-session.ts';
import { nextOperations } from './next-operations.ts';
import { PushTransaction, RowRefused, type Outcome } from './push-transaction.ts';
import type { SharedBook } from './shared-book.ts';

export interface PushParts {
  readonly store: Store;
  readonly book: SharedBook;
  readonly now: () => Date;
  readonly log: Logger;
  /** What is to be done with operations before they go; it may change the outbox. */
  readonly prepare: () => void;
}

export interface Pushed {
  readonly sent: number;
  readonly late: number;
  readonly parked: number;
}

/** A batch at a time, so that this process answers others between them. */
export class Push {
  readonly #parts: PushParts;

  constructor(parts: PushParts) {
    this.#parts = parts;
  }

  /** Until nothing waits. Throws HANA_*, SYNC_*, EpochChanged. */
  async run(session: HanaSession, isEnding: () => boolean = () => false): Promise<Pushed> {
    const { store, prepare, log } = this.#parts;
    let pushed: Pushed = { sent: 0, late: 0, parked: 0 };
    while (!isEnding()) {
      prepare();
      const { operations, isAgain } = nextOperations(store);
      if (operations.length === 0) break;
      pushed = sum(pushed, await this.#send(session, operations, isAgain));
    }
    if (pushed.sent + pushed.parked > 0) log.info('operations sent', { ...pushed });
    return pushed;
  }

  async #send(session: HanaSession, operations: readonly Operation[], isAgain: boolean): Promise<Pushed> {
    const { store, now } = this.#parts;
    const keys = operations.map(({ key }) => key);
    store.transaction(() => store.outbox.begin(keys));
    const transaction = new PushTransaction(session, { operations, isAgain, at: now(), device: store.syncState.get(), shared: store.shared });
    try {
      return this.#mark(await transaction.run());
    } catch (error) {
      // Whether a commit came through is not known; what was sent before may have come through then.
      if (!transaction.mayHaveCommitted && !isAgain) store.transaction(() => store.outbox.takeBack(keys));
      if (!(error instanceof RowRefused)) throw error;
      await session.rollback();
      return this.#apart(session, operations, { error: error.reason, isAgain });
    }
  }

  /** One of them is refused: halves are tried until it is alone. */
  async #apart(session: HanaSession, operations: readonly Operation[], { error, isAgain }: { error: unknown; isAgain: boolean }): Promise<Pushed> {
    const { store, log } = this.#parts;
    const [only] = operations;
    if (operations.length === 1 && only !== undefined) {
      store.transaction(() => store.outbox.park(only.key, isAppError(error) ? `${error.message}. ${error.remedy}` : String(error)));
      log.warn('an operation was refused', { entity: only.entity, code: isAppError(error) ? error.code : 'INTERNAL' });
      return { sent: 0, late: 0, parked: 1 };
    }
    const half = Math.ceil(operations.length / 2);
    let pushed: Pushed = { sent: 0, late: 0, parked: 0 };
    for (const part of [operations.slice(0, half), operations.slice(half)]) pushed = sum(pushed, await this.#send(session, part, isAgain));
    return pushed;
  }

  #mark(outcomes: readonly Outcome[]): Pushed {
    const { book } = this.#parts;
    book.written(outcomes.flatMap(({ operation, row, isMine }) => (isMine && row !== null ? [{ operation, row }] : [])));
    for (const { operation, row, isMine, conflict } of outcomes) if (!isMine || row === null) book.decided(operation, row, conflict);
    return { sent: outcomes.length, late: outcomes.filter(({ conflict }) => conflict !== null).length, parked: 0 };
  }
}

const sum = (one: Pushed, two: Pushed): Pushed => ({ sent: one.sent + two.sent, late: one.late + two.late, parked: one.parked + two.parked });
