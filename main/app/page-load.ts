/** Sees to it that a window's page comes up: notices where it did not, and loads it again. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '../platform/logger.ts';
import { isPageUrl } from './page-answer.ts';

/** As much of a window's contents as is used here. */
export interface LoadedContents {
  loadURL(url: string): Promise<void>;
  /** Ends its process: one that hangs would take no other page either. On Linux the process does it itself, where it still hears. */
  forcefullyCrashRenderer(): void;
  getOSProcessId(): number;
  /** What is shown, or on its way. */
  getURL(): string;
  isLoading(): boolean;
  isDestroyed(): boolean;
}

export interface PageLoadParts {
  readonly contents: LoadedContents;
  readonly url: string;
  readonly log: Logger;
  /** Ends a process that does not end itself. Does nothing where it is gone. */
  readonly kill: (pid: number) => void;
  readonly times?: Partial<typeof usualTimes>;
}

const usualTimes = {
  /** Before the next attempt. */
  retryMs: 300,
  /** How often it is looked whether the browser is still at it. */
  lookMs: 500,
  /** For the first attempt; each further one gets as much more: a machine that trains is slow. */
  patienceMs: 10_000,
};

const mostAttempts = 6;
/** Between two steps of a load the browser may say for a moment that nothing is loading. */
const mostIdleLooks = 3;

export class PageLoad {
  readonly #parts: PageLoadParts;
  readonly #times: typeof usualTimes;
  #running: Promise<boolean> | null = null;
  #isUp = false;

  constructor(parts: PageLoadParts) {
    this.#parts = parts;
    this.#times = { ...usualTimes, ...parts.times };
  }

  /** Whether it came up when it was last loaded. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** Whether the page is there in the end. Asked while it is at it: the same attempt. */
  begin(): Promise<boolean> {
    this.#running ??= this.#begin();
    return this.#running;
  }

  async #begin(): Promise<boolean> {
    this.#isUp = false;
    this.#isUp = await this.#load();
    this.#running = null;
    return this.#isUp;
  }

  async #load(): Promise<boolean> {
    const { contents, log } = this.#parts;
    for (let attempt = 1; attempt <= mostAttempts && !contents.isDestroyed(); attempt += 1) {
      const problem = await this.#attempt(attempt * this.#times.patienceMs);
      if (problem === null) return true;
      if (contents.isDestroyed()) return false;
      log.warn('the page did not come up', { problem, attempt });
      await pause(this.#times.retryMs);
    }
    if (!contents.isDestroyed()) log.error('the page cannot be shown', { url: this.#parts.url, attempts: mostAttempts });
    return false;
  }

  /** What went wrong, or null. */
  async #attempt(patienceMs: number): Promise<string | null> {
    const { contents, url } = this.#parts;
    const loaded = contents.loadURL(url).then(
      () => (isPageUrl(contents.getURL()) ? null : 'something else is shown'),
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    const watch = new AbortController();
    try {
      return await Promise.race([loaded, this.#missed(patienceMs, watch.signal)]);
    } finally {
      watch.abort();
    }
  }

  /**
   * Footgun: a load can neither resolve nor fail. A page's process can hang before the first of its scripts, for ever (it waits for a graphics process that fails); and a load
   * that the browser gives up before there is a process is only no longer loading.
   */
  async #missed(patienceMs: number, signal: AbortSignal): Promise<string> {
    const { contents } = this.#parts;
    const until = performance.now() + patienceMs;
    for (let idleLooks = 0; ;) {
      await pause(this.#times.lookMs);
      if (signal.aborted) return '';
      if (contents.isDestroyed()) return 'its window is gone';
      idleLooks = contents.isLoading() ? 0 : idleLooks + 1;
      if (idleLooks >= mostIdleLooks) return 'the browser gave it up without a word';
      if (performance.now() < until) continue;
      await this.#endProcess();
      return `it was not there after ${Math.round(patienceMs / 1_000)} s`;
    }
  }
  async #endProcess(): Promise<void> {
    const { contents, kill } = this.#parts;
    const pid = contents.getOSProcessId();
    contents.forcefullyCrashRenderer();
    await pause(this.#times.lookMs);
    if (pid > 0 && !contents.isDestroyed() && contents.getOSProcessId() === pid) kill(pid);
  }
}
