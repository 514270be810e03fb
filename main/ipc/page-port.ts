/** Binds a page's port to the core: what it asks is dispatched as this user's, and what happens is told. */
import { contractVersion, type CoreEvent } from '../../shared/contracts/calls.ts';
import { PageMessage, type CoreMessage } from '../../shared/contracts/page-messages.ts';
import type { AppError } from '../../shared/errors/app-error.ts';
import { toAppError, toWireError } from '../../shared/errors/wire-error.ts';
import type { Logger } from '../platform/logger.ts';
import { EventBundler } from './event-bundler.ts';

export interface PagePortParts {
  readonly send: (message: CoreMessage) => void;
  /** Throws AppError. */
  readonly dispatch: (name: string, input: unknown) => Promise<unknown>;
  readonly log: Logger;
  readonly logPath: () => string;
}

export class PagePort {
  readonly #parts: PagePortParts;
  readonly #events: EventBundler;
  #isOpen = true;

  constructor(parts: PagePortParts) {
    this.#parts = parts;
    this.#events = new EventBundler((event) => this.#send({ kind: 'event', ...event }));
  }

  /** Calls are answered from now on. */
  hello(): void {
    this.#send({ kind: 'hello', contract: contractVersion });
  }

  /** No core is there until the next `hello`. */
  lost(): void {
    this.#events.close();
    this.#send({ kind: 'lost' });
  }

  tell(event: CoreEvent): void {
    if (this.#isOpen) this.#events.add(event);
  }

  /** `raw` comes from the page. What has no number gets no answer. */
  async hear(raw: unknown): Promise<void> {
    const parsed = PageMessage.safeParse(raw);
    if (!parsed.success) {
      this.#parts.log.warn('a page sent what is not in the contract', { problem: parsed.error.issues[0]?.message ?? '' });
      return;
    }
    const { id, name, input } = parsed.data;
    try {
      this.#send({ kind: 'answer', id, answer: { ok: true, value: await this.#parts.dispatch(name, input) } });
    } catch (thrown) {
      this.#send({ kind: 'answer', id, answer: { ok: false, error: toWireError(this.#failure(name, thrown)) } });
    }
  }

  close(): void {
    this.#isOpen = false;
    this.#events.close();
  }

  #failure(name: string, thrown: unknown): AppError {
    const error = toAppError(thrown, this.#parts.logPath());
    if (error.code === 'INTERNAL') this.#parts.log.error('a call of a page failed', { name, problem: error.message, stack: toWireError(error).stack ?? '' });
    return error;
  }

  #send(message: CoreMessage): void {
    if (this.#isOpen) this.#parts.send(message);
  }
}
