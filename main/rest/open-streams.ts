/** The event streams of the public door: counted, told when the host ends, and ended with what let them in. */
import type { ServerResponse } from 'node:http';
import type { EventLog } from './event-log.ts';
import { streamEvents, type StreamRequest } from './event-stream.ts';
import type { KnownCaller } from './log-on.ts';

const checkEveryMs = 1_000;

export class OpenStreams {
  readonly #closers = new Map<() => void, KnownCaller>();
  #timer: NodeJS.Timeout | undefined;

  get count(): number {
    return this.#closers.size;
  }

  open(response: ServerResponse, log: EventLog, { caller, ...asked }: StreamRequest & { readonly caller: KnownCaller }): void {
    const close = streamEvents(response, log, asked);
    this.#closers.set(close, caller);
    response.on('close', () => this.#forget(close));
    this.#timer ??= setInterval(() => this.#endForeign(), checkEveryMs).unref();
  }

  closeAll(): void {
    for (const close of [...this.#closers.keys()]) {
      close();
      this.#forget(close);
    }
  }

  #forget(close: () => void): void {
    this.#closers.delete(close);
    if (this.#closers.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Each caller is asked about once, however many streams it has. */
  #endForeign(): void {
    const isLive = new Map<string, boolean>();
    for (const [close, { id, isLive: ask }] of [...this.#closers]) {
      const known = isLive.get(id) ?? ask();
      isLive.set(id, known);
      if (!known) close();
    }
  }
}
