/** Works on a queue whenever it is woken: once for any number of calls, soon, and again later where that failed. */
import type { Logger } from '../platform/logger.ts';

export interface QueueLoopParts {
  /** Starts what can be started now. */
  readonly work: () => void;
  /** After a failure, so that others who share the machine look too. */
  readonly wake: () => void;
  readonly log: Logger;
  /** How long to wait where the store cannot be written. */
  readonly retryMs: number;
}

export class QueueLoop {
  readonly #parts: QueueLoopParts;
  #isWoken = false;
  #isClosed = false;

  constructor(parts: QueueLoopParts) {
    this.#parts = parts;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  look(): void {
    if (this.#isWoken || this.#isClosed) return;
    this.#isWoken = true;
    setImmediate(() => {
      this.#isWoken = false;
      // The store may be closed by now.
      if (!this.#isClosed) this.#tryToWork();
    });
  }

  close(): void {
    this.#isClosed = true;
  }

  #tryToWork(): void {
    const { work, wake, log, retryMs } = this.#parts;
    try {
      work();
    } catch (error) {
      log.error('the queue cannot be worked on', { problem: error instanceof Error ? error.message : String(error) });
      setTimeout(wake, retryMs).unref();
    }
  }
}
