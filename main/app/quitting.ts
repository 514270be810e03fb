/** How the app ends: runs are asked about, and either go on without a window or make a checkpoint first. */
import { app, BrowserWindow, dialog, Notification, powerMonitor } from 'electron';
import type { Logger } from '../platform/logger.ts';
import type { RunWatch } from './run-watch.ts';
import { quitQuestion, words } from './texts.ts';
import type { Windows } from './windows.ts';

/** How long runs may take to their next checkpoint. */
const checkpointMs = 5 * 60_000;

export interface QuittingParts {
  readonly windows: Windows;
  readonly runs: RunWatch;
  readonly endCore: (timeoutMs: number) => Promise<void>;
  /** Whether runs end with this app: they do not where another host works on them. */
  readonly isOwnCore: () => boolean;
  readonly log: Logger;
}

export class Quitting {
  readonly #parts: QuittingParts;
  #state: 'none' | 'asking' | 'ending' | 'ended' = 'none';

  constructor(parts: QuittingParts) {
    this.#parts = parts;
  }

  get isQuitting(): boolean {
    return this.#state === 'ending' || this.#state === 'ended';
  }

  begin(): void {
    app.on('before-quit', (event) => {
      if (this.#state === 'ended') return;
      event.preventDefault();
      void this.#ask();
    });
    app.on('window-all-closed', () => this.#lastWindowClosed());
    powerMonitor.on('shutdown', () => void this.quitAtOnce());
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void this.quitAtOnce());
  }

  /** Without a window the app ends after its last run. */
  runsChanged(): void {
    if (this.#state === 'none' && this.#parts.windows.count === 0 && !this.#isNeeded() && process.platform !== 'darwin') void this.quitAtOnce();
  }

  /** Nobody is asked: the system, a signal or a call wants it. */
  async quitAtOnce(): Promise<void> {
    if (this.isQuitting) return;
    this.#state = 'ending';
    this.#parts.log.info('the app ends');
    for (const window of BrowserWindow.getAllWindows()) window.hide();
    await this.#parts.endCore(checkpointMs);
    this.#state = 'ended';
    // Closed, not destroyed, so that they are remembered.
    app.quit();
  }

  #isNeeded(): boolean {
    return this.#parts.isOwnCore() && this.#parts.runs.isBusy;
  }

  #lastWindowClosed(): void {
    if (this.isQuitting || process.platform === 'darwin') return;
    if (this.#isNeeded()) this.#tellBackground();
    else void this.quitAtOnce();
  }

  async #ask(): Promise<void> {
    if (this.#state !== 'none') return;
    if (!this.#isNeeded()) return this.quitAtOnce();
    this.#state = 'asking';
    const { active, queuedCount } = this.#parts.runs;
    const buttons = [words.keepGoing, words.stopAndQuit, words.cancel];
    const { response } = await dialog.showMessageBox({ type: 'question', ...quitQuestion(active.length, queuedCount), buttons, defaultId: 0, cancelId: 2 });
    this.#state = 'none';
    if (response === 1) return this.quitAtOnce();
    if (response === 0) this.#goOnWithoutWindow();
  }

  #goOnWithoutWindow(): void {
    const { windows } = this.#parts;
    // The last run may have ended while the question stood.
    if (windows.count === 0) return this.#lastWindowClosed();
    windows.closeAll();
  }

  #tellBackground(): void {
    if (Notification.isSupported()) new Notification({ title: 'Lathe', body: words.background }).show();
  }
}
