/** The mark in the system's bar: how far the runs are, and the way back to the window. */
import { app, Menu, nativeImage, Tray } from 'electron';
import type { Run } from '../../shared/contracts/run-calls.ts';
import type { Logger } from '../platform/logger.ts';
import { places } from './places.ts';
import { progressOf, trayTitle, words } from './texts.ts';

export interface TrayParts {
  readonly log: Logger;
  readonly show: () => void;
  readonly showRun: (run: string) => void;
}

export class RunTray {
  readonly #parts: TrayParts;
  readonly #tray: Tray | null;
  #shown = '';

  constructor(parts: TrayParts) {
    this.#parts = parts;
    this.#tray = this.#create();
    this.update([], 0);
  }

  /** Only what is seen to have changed reaches the system. */
  update(active: readonly Run[], queued: number): void {
    const title = trayTitle(active, queued);
    if (title === this.#shown || this.#tray === null) return;
    this.#shown = title;
    this.#tray.setToolTip(title);
    const { show, showRun } = this.#parts;
    const runs = active.map((run) => ({ label: progressOf(run), click: () => showRun(run.run) }));
    const between = runs.length === 0 ? [] : [...runs, { type: 'separator' as const }];
    this.#tray.setContextMenu(Menu.buildFromTemplate([...between, { label: words.open, click: show }, { label: words.quit, click: () => app.quit() }]));
  }

  /** Not every desktop has a place for it. */
  #create(): Tray | null {
    try {
      const tray = new Tray(nativeImage.createFromPath(places.icon).resize({ width: 22, height: 22 }));
      tray.on('click', () => this.#parts.show());
      return tray;
    } catch (error) {
      this.#parts.log.info('there is no tray', { problem: error instanceof Error ? error.message : String(error) });
      return null;
    }
  }
}
