/** The last events with numbers, so that a listener that was away for a moment can go on where it was. Older ones are asked of the store. */
import { randomBytes } from 'node:crypto';
import type { CoreEvent } from '../../shared/contracts/calls.ts';
import type { EventHub } from '../services/event-hub.ts';
import { safeJson } from './safe-json.ts';

export interface NumberedEvent {
  /** `<host>-<number>`: numbers of another host mean nothing here. */
  readonly id: string;
  readonly event: CoreEvent['event'];
  /** As it goes over the line: bytes that all listeners share. */
  readonly frame: Buffer;
  /** The run it is about. */
  readonly run: string | null;
}

const keptCount = 10_000;

export class EventLog {
  readonly #host = randomBytes(4).toString('hex');
  readonly #kept: NumberedEvent[] = [];
  readonly #listeners = new Set<(event: NumberedEvent) => void>();
  #number = 0;

  constructor(hub: EventHub) {
    hub.subscribe((event) => this.#add(event));
  }

  get lastId(): string {
    return `${this.#host}-${this.#number}`;
  }

  /** What came after `id`; null where that is not known any more. */
  since(id: string): readonly NumberedEvent[] | null {
    const [host, text] = id.split('-');
    const number = Number(text);
    if (host !== this.#host || text === '' || !Number.isSafeInteger(number) || number > this.#number) return null;
    const missing = this.#number - number;
    if (missing > this.#kept.length) return null;
    return missing === 0 ? [] : this.#kept.slice(-missing);
  }

  subscribe(listener: (event: NumberedEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Each event becomes bytes once, however many listen. */
  #add({ event, data }: CoreEvent): void {
    this.#number += 1;
    const id = this.lastId;
    const numbered = { id, event, frame: Buffer.from(frameOf(id, event, safeJson(data))), run: 'run' in data ? data.run : null };
    this.#kept.push(numbered);
    if (this.#kept.length > keptCount) this.#kept.splice(0, keptCount / 10);
    for (const listener of this.#listeners) listener(numbered);
  }
}

export const frameOf = (id: string, event: string, data: string): string => `id: ${id}\nevent: ${event}\ndata: ${data}\n\n`;
