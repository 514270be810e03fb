/** The pages of a window's app and the core that answers them: this process's own, or that of the host which owns the LATHE_HOME, and after its end another. */
import { isCallName } from '../../shared/contracts/calls.ts';
import type { CoreMessage } from '../../shared/contracts/page-messages.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { PagePort } from '../ipc/page-port.ts';
import type { Logger } from '../platform/logger.ts';
import { openCore, type OpenedCore, type OpenParts } from './open-core.ts';
import { thisUser } from './this-user.ts';

export interface PageHostParts {
  readonly opening: OpenParts;
  readonly log: Logger;
  /** Pages are answered from now on. */
  readonly onReady: (opened: OpenedCore) => void;
  /** No core can be had. */
  readonly onFailed: (thrown: unknown) => void;
}

export class PageHost {
  readonly #parts: PageHostParts;
  readonly #pages = new Map<number, PagePort>();
  #opened: Promise<OpenedCore>;
  #isThere = false;
  #isClosing = false;

  constructor(parts: PageHostParts) {
    this.#parts = parts;
    this.#opened = this.#open();
  }

  addPage(page: number, send: (message: CoreMessage) => void): void {
    const { opening, log } = this.#parts;
    const port = new PagePort({ send, dispatch: (name, input) => this.#dispatch(name, input), log, logPath: opening.logPath });
    this.#pages.get(page)?.close();
    this.#pages.set(page, port);
    if (this.#isThere) port.hello();
  }

  hear(page: number, message: unknown): void {
    void this.#pages.get(page)?.hear(message);
  }

  removePage(page: number): void {
    this.#pages.get(page)?.close();
    this.#pages.delete(page);
  }

  /** An own core brings its runs to a checkpoint; another's is left alone. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const { door } = await this.#opened;
    await door.close();
  }

  async #open(): Promise<OpenedCore> {
    const opened = await openCore(this.#parts.opening);
    await opened.door.subscribe(
      (event) => this.#pages.forEach((page) => page.tell(event)),
      () => this.#reopen(),
    );
    if (this.#isClosing) return opened;
    this.#isThere = true;
    this.#parts.onReady(opened);
    this.#pages.forEach((page) => page.hello());
    return opened;
  }

  /** Only another's core goes away without this process. */
  #reopen(): void {
    if (this.#isClosing) return;
    this.#parts.log.info('the host has gone; another is looked for');
    this.#isThere = false;
    this.#pages.forEach((page) => page.lost());
    this.#opened = this.#open();
    this.#opened.catch((error: unknown) => this.#parts.onFailed(error));
  }

  /** Resolves when the first core is there. */
  async begin(): Promise<void> {
    await this.#opened.catch((error: unknown) => this.#parts.onFailed(error));
  }

  async #dispatch(name: string, input: unknown): Promise<unknown> {
    const { door, own } = await this.#opened;
    if (own !== null) return own.core.dispatcher.dispatch(name, input, thisUser());
    if (!isCallName(name)) throw new AppError('CHANNEL_UNKNOWN', { name });
    // The host that gets it parses it.
    return door.call(name, input as never);
  }
}
