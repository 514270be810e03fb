/** What HANA has not seen: how much it is, and all there is when the first connection is made. */
import type { SyncStatus } from '../../shared/contracts/sync-calls.ts';
import type { Store } from '../store/store.ts';
import { tagFact, versionFact } from './registry/version-book.ts';
import { runFact } from './run-book.ts';

export interface OutboxParts {
  readonly store: Store;
  readonly now: () => Date;
  readonly isConnected: () => boolean;
}

/** How many refused rows are shown. */
const shownProblems = 100;

export class Outbox {
  readonly #parts: OutboxParts;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  status(): SyncStatus {
    const { store, isConnected } = this.#parts;
    const { outbox } = store;
    return { connected: isConnected(), ...outbox.size(), oldest: outbox.oldest(), entities: outbox.sizes(), problems: outbox.parked(shownProblems) };
  }

  /**
   * Every run, version and tag as it is now, in one transaction; what waits already is taken the place of. The first connection calls it before
   * anything is told. Returns how many rows there are.
   */
  enqueueSnapshot(): number {
    const { store, now } = this.#parts;
    return store.transaction(() => {
      const names = store.versions.names();
      const facts = [
        ...store.runs.ids().map((run) => runFact(store.runs.get(run))),
        ...names.flatMap((name) => store.versions.ofName(name, Number.MAX_SAFE_INTEGER).map(versionFact)),
        ...names.flatMap((name) => Object.entries(store.tags.of(name)).map(([tag, version]) => tagFact({ name, tag, version }))),
      ];
      const at = now();
      for (const fact of facts) store.outbox.put(fact, at);
      return facts.length;
    });
  }
}
