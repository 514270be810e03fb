/** The app's windows: each shows the page, comes back where it was, and comes back at all where its renderer died. */
import { setTimeout as pause } from 'node:timers/promises';
import { app, BrowserWindow, nativeTheme, screen, type WebContents } from 'electron';
import { shellChannels } from '../../shared/contracts/shell-channels.ts';
import type { ShellCommand } from '../../shared/contracts/page-bridge.ts';
import type { Logger } from '../platform/logger.ts';
import { pageOrigin } from './page-files.ts';
import { places } from './places.ts';
import { beside, fitBounds, smallestSize, usualSize, type Bounds } from './window-bounds.ts';
import type { WindowMemory } from './window-memory.ts';

/** So many crashes within a minute are no accident. */
const mostCrashes = 3;
const crashWindowMs = 60_000;
const retryMs = 300;

export interface WindowsParts {
  readonly memory: WindowMemory;
  readonly log: Logger;
}

export class Windows {
  readonly #parts: WindowsParts;
  readonly #crashes: number[] = [];
  /** What a page that is not loaded yet shall show first. */
  readonly #firstRun = new WeakMap<WebContents, string>();

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
    window.once('ready-to-show', () => window.show());
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
    return window;
  }

  command(command: ShellCommand): void {
    this.show().webContents.send(shellChannels.command, command);
  }

  showRun(run: string): void {
    const { webContents } = this.show();
    if (webContents.isLoading()) this.#firstRun.set(webContents, run);
    else webContents.send(shellChannels.openRun, run);
  }

  closeAll(): void {
    for (const window of BrowserWindow.getAllWindows()) window.close();
  }

  /** A browser that is still starting its own processes may break off the first attempt. */
  async #load(window: BrowserWindow, tries = 5): Promise<void> {
    try {
      await window.loadURL(`${pageOrigin}/index.html`);
    } catch (error) {
      this.#parts.log.warn('the page was not loaded', { problem: error instanceof Error ? error.message : String(error), tries });
      if (tries <= 1 || window.isDestroyed()) return;
      await pause(retryMs);
      if (!window.isDestroyed()) await this.#load(window, tries - 1);
    }
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

  #bringBack({ webContents }: BrowserWindow): void {
    webContents.on('did-finish-load', () => {
      const run = this.#firstRun.get(webContents);
      this.#firstRun.delete(webContents);
      if (run !== undefined) webContents.send(shellChannels.openRun, run);
    });
    webContents.on('render-process-gone', (_, { reason, exitCode }) => {
      this.#parts.log.error('a page died', { reason, code: exitCode });
      if (reason === 'clean-exit' || webContents.isDestroyed()) return;
      const now = performance.now();
      this.#crashes.push(now);
      if (this.#crashes.filter((at) => now - at < crashWindowMs).length <= mostCrashes) webContents.reload();
    });
  }
}
