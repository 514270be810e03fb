/** The lines between pages and the core: a port for each page that has loaded, handed on to the core or passed on message by message. */
import { MessageChannelMain, type MessagePortMain, type WebContents } from 'electron';
import { shellChannels } from '../../shared/contracts/shell-channels.ts';
import type { CoreKeeper } from './core-keeper.ts';

/** 0 is the shell's own. */
let count = 0;

interface Line {
  readonly page: number;
  /** Our end, where messages are passed on. */
  readonly port: MessagePortMain | null;
}

export class PageLines {
  readonly #core: () => CoreKeeper;
  readonly #lines = new Map<WebContents, Line>();
  readonly #watched = new WeakSet<WebContents>();

  constructor(core: () => CoreKeeper) {
    this.#core = core;
  }

  /** A page has loaded, or loaded again. Without a core it gets its port when there is one. */
  connect(contents: WebContents): void {
    this.#drop(contents);
    if (!this.#watched.has(contents)) contents.once('destroyed', () => this.#drop(contents));
    this.#watched.add(contents);
    const core = this.#core();
    count += 1;
    const page = count;
    if (!core.isThere) return void this.#lines.set(contents, { page, port: null });
    const { port1, port2 } = new MessageChannelMain();
    if (core.takesPorts) {
      core.send({ kind: 'page', page, handed: true }, port1);
      this.#lines.set(contents, { page, port: null });
    } else {
      port1.on('message', ({ data }) => core.send({ kind: 'page-says', page, message: data as unknown }));
      port1.start();
      core.send({ kind: 'page', page, handed: false });
      this.#lines.set(contents, { page, port: port1 });
    }
    contents.mainFrame.postMessage(shellChannels.port, null, [port2]);
  }

  /** A new core knows none of them. */
  connectAll(): void {
    for (const contents of [...this.#lines.keys()]) this.connect(contents);
  }

  /** The core has died. */
  lose(): void {
    for (const contents of this.#lines.keys()) contents.send(shellChannels.lost);
  }

  pass(page: number, message: unknown): void {
    for (const line of this.#lines.values()) if (line.page === page) line.port?.postMessage(message);
  }

  #drop(contents: WebContents): void {
    const line = this.#lines.get(contents);
    if (line === undefined) return;
    this.#lines.delete(contents);
    line.port?.close();
    this.#core().send({ kind: 'page-gone', page: line.page });
  }
}
