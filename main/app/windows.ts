/** The app's windows: each shows the page, comes back where it was, and comes back at all where its renderer died. */
import { app, BrowserWindow, nativeTheme, screen, type WebContents } from 'electron';
import { shellChannels } from '../../shared/contracts/shell-channels.ts';
import type { ShellCommand } from '../../shared/contracts/page-bridge.ts';
import type { Logger } from '../platform/logger.ts';
import { pageOrigin } from './page-answer.ts';
import { killAtOnce } from './kill-at-once.ts';
import { PageLoad } from './page-load.ts';
import { places } from './places.ts';
import { beside, fitBounds, smallestSize, usualSize, type Bounds } from './window-bounds.ts';
import type { WindowMemory } from './window-memory.ts';

/** So many crashes within a minute are no accident. */
const mostCrashes = 3;
const crashWindowMs = 60_000;
/** Chromium's ERR_ABORTED: another navigation took its place, or somebody stopped it. */
const abortedCode = -3;

export interface WindowsParts {
  readonly memory: WindowMemory;
  readonly log: Logger;
}

interface Told {
  readonly channel: string;
  /** A command, or the id of a run. */
  readonly value: string;
}

export class Windows {
  readonly #parts: WindowsParts;
  readonly #crashes: number[] = [];
  /** What a page that is not loaded yet hears first. */
  readonly #unheard = new WeakMap<WebContents, Told>();
  readonly #pages = new WeakMap<WebContents, PageLoad>();

  constructor(parts: WindowsParts) {
    this.#parts = parts;
  }

  get count(): number {
    return BrowserWindow.getAllWindows().length;
  }

  open(): BrowserWindow {
    const { memory } = this.#parts;
    const { bounds, isMaximised } = memory.window;
    const window = new BrowserWindow({
      ...usualSize,
      ...this.#placeFor(bounds),
      minWidth: smallestSize.width,
      minHeight: smallestSize.height,
      show: false,
      title: 'Lathe',
      icon: places.icon,
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#16181d' : '#ffffff',
      webPreferences: {
        preload: places.preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
        spellcheck: false,
        devTools: !app.isPackaged,
      },
    });
    if (isMaximised && this.count === 1) window.maximize();
    window.once('ready-to-show', () => {
      window.show();
      this.#parts.log.info('a window is shown');
    });
    this.#remember(window);
    this.#bringBack(window);
    void this.#load(window);
    return window;
  }

  /** The one used last, or a new one. */
  show(): Electron.BrowserWindow {
    const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
    if (window === undefined) return this.open();
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
    if (!this.#pageOf(window).isUp) void this.#load(window);
    return window;
  }

  command(command: ShellCommand): void {
    this.#tell({ channel: shellChannels.command, value: command });
  }

  showRun(run: string): void {
    this.#tell({ channel: shellChannels.openRun, value: run });
  }

  closeAll(): void {
    for (const window of BrowserWindow.getAllWindows()) window.close();
  }

  #tell(told: Told): void {
    const { webContents } = this.show();
    if (webContents.isLoading()) this.#unheard.set(webContents, told);
    else webContents.send(told.channel, told.value);
  }

  /** A window without its page is shown all the same: a hidden one looks as if the app had not started. */
  async #load(window: Electron.BrowserWindow): Promise<void> {
    const isThere = await this.#pageOf(window).begin();
    if (!isThere && !window.isDestroyed()) window.show();
  }

  #pageOf({ webContents: contents }: Electron.BrowserWindow): PageLoad {
    const known = this.#pages.get(contents);
    const page = known ?? new PageLoad({ contents, url: `${pageOrigin}/index.html`, log: this.#parts.log, kill: killAtOnce });
    if (known === undefined) this.#pages.set(contents, page);
    return page;
  }

  #placeFor(remembered: Bounds | null): Partial<Bounds> {
    const [other] = BrowserWindow.getAllWindows();
    const wanted = other === undefined ? remembered : beside(other.getNormalBounds());
    if (wanted === null) return {};
    const main = screen.getPrimaryDisplay();
    const others = screen.getAllDisplays().filter(({ id }) => id !== main.id);
    return (
      fitBounds(
        wanted,
        [main, ...others].map(({ workArea }) => workArea),
      ) ?? {}
    );
  }

  #remember(window: BrowserWindow): void {
    window.on('close', () => this.#parts.memory.keep({ window: { bounds: window.getNormalBounds(), isMaximised: window.isMaximized() } }));
  }

  #bringBack(window: BrowserWindow): void {
    const { webContents } = window;
    webContents.on('did-finish-load', () => {
      const told = this.#unheard.get(webContents);
      this.#unheard.delete(webContents);
      if (told !== undefined) webContents.send(told.channel, told.value);
    });
    // Of a reload: the first load is watched.
    webContents.on('did-fail-load', (_, code, description, ...[, isMainFrame]) => {
      if (!isMainFrame || code === abortedCode || !this.#pageOf(window).isUp) return;
      this.#parts.log.warn('the page failed', { problem: description, code });
      void this.#load(window);
    });
    webContents.on('render-process-gone', (_, { reason, exitCode }) => {
      this.#parts.log.error('a page died', { reason, code: exitCode });
      if (reason === 'clean-exit' || webContents.isDestroyed()) return;
      // Whoever loads it notices, and goes on.
      if (!this.#pageOf(window).isUp) return;
      const now = performance.now();
      this.#crashes.push(now);
      if (this.#crashes.filter((at) => now - at < crashWindowMs).length > mostCrashes) return;
      // After this event: the browser is still putting the dead one away.
      setImmediate(() => {
        if (!webContents.isDestroyed()) webContents.reload();
      });
    });
  }
}
