/** Gathers events so that at most ten messages a second cross the border; what is not a step goes at once. */
import type { JobEvent } from '../../shared/contracts/run-events.ts';

const INTERVAL_MS = 100;
/** Keeps a message far below 64 KB. */
const MOST = 100;

export class EventSender {
  readonly #send: (events: JobEvent[]) => void;
  #waiting: JobEvent[] = [];
  #lastSent = -Infinity;

  constructor(send: (events: JobEvent[]) => void) {
    this.#send = send;
  }

  emit(event: JobEvent): void {
    this.#waiting.push(event);
    const isDue = performance.now() - this.#lastSent >= INTERVAL_MS;
    const isFrequent = event.event === 'step' || event.event === 'progress' || event.event === 'text';
    if (isDue || !isFrequent || this.#waiting.length >= MOST) this.flush();
  }

  flush(): void {
    if (this.#waiting.length === 0) return;
    this.#send(this.#waiting);
    this.#waiting = [];
    this.#lastSent = performance.now();
  }
}
