/** Gathers events so that at most ten messages a second cross the border, each well under 64 KB. Order is kept. */
import type { FromCompute } from '../../shared/contracts/compute-messages.ts';
import type { JobEvent } from '../../shared/contracts/run-events.ts';

const intervalMs = 100;
const eventsPerMessage = 50;

/** Events that come in streams; the others are worth a message at once. */
const isStream = (event: JobEvent): boolean => event.event === 'step' || event.event === 'progress' || event.event === 'text';

export class EventSender {
  readonly #send: (message: FromCompute) => void;
  readonly #now: () => number;
  #waiting: JobEvent[] = [];
  #sentMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (message: FromCompute) => void, now: () => number = () => performance.now()) {
    this.#send = send;
    this.#now = now;
  }

  emit(event: JobEvent): void {
    this.#waiting.push(event);
    const waitMs = isStream(event) ? this.#sentMs + intervalMs - this.#now() : 0;
    if (waitMs <= 0) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), waitMs);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length > 0) this.#sentMs = this.#now();
    while (this.#waiting.length > 0) this.#send({ type: 'events', events: this.#waiting.splice(0, eventsPerMessage) });
  }
}
