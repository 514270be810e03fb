/**
 * The one way in which a fact comes into the store: the change, its audit row and its outbox row in one transaction; events only after it is
 * on disk.
 */
import { randomUUID } from 'node:crypto';
import type { CoreEvent } from '../../shared/contracts/calls.ts';
import type { AuditFact } from '../store/audit-rows.ts';
import type { OutboxFact } from '../store/outbox-rows.ts';
import type { Store } from '../store/store.ts';
import { auditFact } from './audit-fact.ts';
import type { EventHub } from './event-hub.ts';

export interface Fact {
  /** null: nobody's decision (a step, an end), so not for the audit log. */
  readonly audit: AuditFact | null;
  readonly outbox: readonly OutboxFact[];
  readonly events: readonly CoreEvent[];
}

export interface LedgerParts {
  readonly store: Store;
  readonly hub: EventHub;
  readonly now: () => Date;
  /** Whether there is a HANA connection: without one nothing queues, the first one enqueues everything. */
  readonly isConnected: () => boolean;
  /** Called when rows of the audit log are on disk. */
  readonly onSealed: () => void;
  /** Called when something waits to be told to HANA. */
  readonly onQueued?: () => void;
}

export class Ledger {
  readonly #parts: LedgerParts;
  readonly #waiting: CoreEvent[] = [];
  #depth = 0;
  #hasSealed = false;
  #hasQueued = false;
  /** What one outermost change tells HANA goes up together. */
  #group = '';

  constructor(parts: LedgerParts) {
    this.#parts = parts;
  }

  /** `change` writes through the repositories and says what happened. Changes within a change are part of it. */
  record<Result>(change: () => { readonly result: Result; readonly fact: Fact }): Result {
    const { store, now, isConnected } = this.#parts;
    const mark = this.#waiting.length;
    let told: readonly CoreEvent[] | null = null;
    if (this.#depth === 0) this.#group = randomUUID();
    this.#depth += 1;
    try {
      const result = store.transaction(() => {
        const { result: value, fact } = change();
        const at = now();
        const sealed = fact.audit === null ? null : store.audit.append(fact.audit, at);
        if (sealed !== null) this.#hasSealed = true;
        if (isConnected()) {
          const audit = sealed === null ? [] : [auditFact(store.syncState.get().device, sealed)];
          for (const row of [...fact.outbox, ...audit]) store.outbox.put(row, at, this.#group);
          this.#hasQueued ||= fact.outbox.length + audit.length > 0;
        }
        this.#waiting.push(...fact.events);
        return value;
      });
      // A listener may record something itself: that is a change of its own.
      if (this.#depth === 1) told = this.#waiting.splice(0);
      return result;
    } catch (error) {
      this.#waiting.length = mark;
      throw error;
    } finally {
      this.#depth -= 1;
      if (told !== null) this.#tell(told);
    }
  }

  #tell(events: readonly CoreEvent[]): void {
    const { hub, onSealed, onQueued } = this.#parts;
    if (this.#hasSealed) onSealed();
    if (this.#hasQueued) onQueued?.();
    this.#hasSealed = false;
    this.#hasQueued = false;
    for (const event of events) hub.publish(event);
  }
}
