/** Tells whoever listens what has happened. Hints: who missed one asks the store. */
import type { CoreEvent } from '../../shared/contracts/calls.ts';
import type { Logger } from '../platform/logger.ts';

export type CoreListener = (event: CoreEvent) => void;

export class EventHub {
  readonly #listeners = new Set<CoreListener>();
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log.child('events');
  }

  /** Returns what ends it. */
  subscribe(listener: CoreListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** A listener that throws harms nobody else. */
  publish(event: CoreEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#log.error('a listener failed', { event: event.event, problem: error instanceof Error ? error.message : String(error) });
      }
    }
  }
}
