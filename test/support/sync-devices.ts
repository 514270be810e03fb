/** Laptops in one process: each has a LATHE_HOME's store, things of its own that people change, and what the sync makes appear there. */
import { syncRound, type RoundResult } from '../../main/services/sync/round.ts';
import type { HanaSession } from '../../main/services/hana/hana-session.ts';
import type { OutboxFact } from '../../main/store/outbox-rows.ts';
import { openStore, type Store } from '../../main/store/store.ts';
import { join } from 'node:path';
import { keepingLogger, type KeptLine } from './keeping-logger.ts';

export type Things = Map<string, Readonly<Record<string, unknown>>>;

export class SyncDevice {
  readonly name: string;
  readonly #path: string;
  readonly lines: KeptLine[] = [];
  store: Store;
  /** What stands here, by `entity id`: part of the store's transactions in a real LATHE_HOME. */
  things: Things = new Map();
  clock: () => Date = () => new Date();

  constructor(folder: string, name: string) {
    this.name = name;
    this.#path = join(folder, `${name}.db`);
    this.store = openStore(this.#path, keepingLogger(this.lines));
  }

  /** Changes a thing; null: takes it away. */
  change(entity: OutboxFact['entity'], id: string, payload: Readonly<Record<string, unknown>> | null, schema = 1): void {
    this.store.transaction(() => this.store.outbox.put({ entity, id, schema, payload }, this.clock()));
    this.#set(`${entity} ${id}`, payload);
  }

  thing(entity: string, id: string): Readonly<Record<string, unknown>> | undefined {
    return this.things.get(`${entity} ${id}`);
  }

  sync(session: HanaSession): Promise<RoundResult> {
    return syncRound(session, {
      store: this.store,
      projection: {
        makesFiles: () => false,
        apply: (row, keep) => {
          this.store.transaction(keep);
          this.#set(`${row.entity} ${row.id}`, row.payload);
        },
      },
      now: () => this.clock(),
      log: keepingLogger(this.lines, 'sync'),
      lathe: '0.0.1',
    });
  }

  /** The process is killed and started again. */
  restart(): void {
    this.store.close();
    this.store = openStore(this.#path, keepingLogger(this.lines));
  }

  close(): void {
    this.store.close();
  }

  #set(key: string, payload: Readonly<Record<string, unknown>> | null): void {
    if (payload === null) this.things.delete(key);
    else this.things.set(key, payload);
  }
}
