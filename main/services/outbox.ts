/** What HANA has not seen: how much it is, and all there is when a connection is made. */
import type { Logger } from '../platform/logger.ts';
import type { Store } from '../store/store.ts';
import type { Connection } from './connection.ts';
import { tagFact, versionFact } from './registry/version-fact.ts';
import { scoreFact } from './benchmarks/benchmark-book.ts';
import { deploymentFact } from './deploy/deployment-book.ts';
import { runFact } from './run-book.ts';
import { auditFact } from './audit-fact.ts';
import { contentOver } from './sync/fact-content.ts';
import type { OutboxFact } from '../store/outbox-rows.ts';

export interface OutboxParts {
  readonly store: Store;
  readonly now: () => Date;
  readonly connection: Connection;
  readonly log: Logger;
}

const auditPage = 500;

export class Outbox {
  readonly #parts: OutboxParts;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
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
      if (id === null) return null;
      if (store.syncState.get().server !== id) this.#begin(id);
      return this.enqueueSnapshot();
    });
    log.info('connection changed', { connected: id !== null, rows });
  }

  /** Nothing is known of what this one has; what was on its way to another is not there. */
  #begin(server: string): void {
    const { store } = this.#parts;
    store.outbox.takeBack(store.outbox.sending().map(({ key }) => key));
    store.syncState.forgetServer(server);
  }

  /**
   * Every run, version, tag, score, deployment and row of the audit log as it is now, in one transaction, but for what is there as it is here; what waits
   * already is taken the place of. Returns how many rows there are to tell.
   */
  enqueueSnapshot(): number {
    const { store, now } = this.#parts;
    return store.transaction(() => {
      const at = now();
      let rows = 0;
      for (const fact of this.#everything()) {
        const base = store.shared.find(fact);
        if (base !== null && base.hash === contentOver(base, fact.payload, fact.schema).hash && !store.outbox.isUnsent(fact)) continue;
        store.outbox.put(fact, at);
        rows += 1;
      }
      return rows;
    });
  }

  *#everything(): Generator<OutboxFact> {
    const { store } = this.#parts;
    const names = store.versions.names();
    for (const run of store.runs.ids()) yield runFact(store.runs.get(run));
    for (const name of names)
      for (const version of store.versions.ofName(name, Number.MAX_SAFE_INTEGER)) yield versionFact(version, store.tags.stateHistory(name, version.version));
    for (const run of store.benchmarks.ids()) for (const score of store.scores.ofRun(run)) if (score.result !== null) yield scoreFact(score);
    for (const name of names)
      for (const [tag, version] of Object.entries(store.tags.of(name))) yield tagFact({ name, tag, version }, store.tags.tagHistory(name, tag).at(-1));
    for (const deployment of store.deployments.all()) yield deploymentFact(deployment);
    const { device } = store.syncState.get();
    for (let rows = store.audit.after(0, auditPage); rows.length > 0; rows = store.audit.after(rows.at(-1)?.seq ?? 0, auditPage))
      for (const row of rows) yield auditFact(device, row);
  }
}
