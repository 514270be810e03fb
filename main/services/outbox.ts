/** What HANA has not seen: how much it is, and all there is when a connection is made. */
import type { SyncStatus } from '../../shared/contracts/sync-calls.ts';
import type { Logger } from '../platform/logger.ts';
import type { Store } from '../store/store.ts';
import type { Connection } from './connection.ts';
import { tagFact, versionFact } from './registry/version-book.ts';
import { scoreFact } from './benchmarks/benchmark-book.ts';
import { runFact } from './run-book.ts';

export interface OutboxParts {
  readonly store: Store;
  readonly now: () => Date;
  readonly connection: Connection;
  readonly log: Logger;
}

/** How many refused rows are shown. */
const shownProblems = 100;

export class Outbox {
  readonly #parts: OutboxParts;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  status(): SyncStatus {
    const { store, connection } = this.#parts;
    const { outbox } = store;
    return { connected: connection.id !== null, ...outbox.size(), oldest: outbox.oldest(), entities: outbox.sizes(), problems: outbox.parked(shownProblems) };
  }

  /**
   * A connection that was not there before, or is another, gets everything; called at a host's start and when the connection changes. What came between
   * was queued for the one before, and is in the snapshot too. Without one nothing is kept: the next gets everything again.
   */
  meetConnection(): void {
    const { store, connection, now, log } = this.#parts;
    const { id } = connection;
    if (id === store.outbox.connection()) return;
    const rows = store.transaction(() => {
      store.outbox.setConnection(id, now());
      return id === null ? null : this.enqueueSnapshot();
    });
    log.info('connection changed', { connected: id !== null, rows });
  }

  /** Every run, version, tag and score as it is now, in one transaction; what waits already is taken the place of. Returns how many rows there are. */
  enqueueSnapshot(): number {
    const { store, now } = this.#parts;
    return store.transaction(() => {
      const names = store.versions.names();
      const facts = [
        ...store.runs.ids().map((run) => runFact(store.runs.get(run))),
        ...names.flatMap((name) => store.versions.ofName(name, Number.MAX_SAFE_INTEGER).map(versionFact)),
        ...store.benchmarks.ids().flatMap((run) =>
          store.scores
            .ofRun(run)
            .filter(({ result }) => result !== null)
            .map(scoreFact),
        ),
        ...names.flatMap((name) => Object.entries(store.tags.of(name)).map(([tag, version]) => tagFact({ name, tag, version }))),
      ];
      const at = now();
      for (const fact of facts) store.outbox.put(fact, at);
      return facts.length;
    });
  }
}
