/** How long a server that installs may leave an offered file alone before something must lie between them. */
import type { Job } from './answers.ts';

export class Silence {
  readonly #now: () => number;
  readonly #limitMs: number;
  #since: number;

  constructor(limitMs: number, now: () => number = Date.now) {
    [this.#limitMs, this.#now] = [limitMs, now];
    this.#since = now();
  }

  /** While its job waits behind others nobody can ask. */
  isOver({ message, phase }: Job, requests: number): boolean {
    if (requests > 0 || message === 'queued' || phase === 'queued') this.#since = this.#now();
    return this.#now() - this.#since > this.#limitMs;
  }
}
