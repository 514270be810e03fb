/** Feeds a page the events of a run that grows, through the very stream it listens to. */
import type { Page } from 'playwright-core';
import { stepEntry } from '../../support/run-folder.ts';

interface Feed {
  readonly from: number;
  readonly perSecond: number;
  readonly seconds: number;
}

declare global {
  interface Window {
    latheStream?: EventTarget;
  }
}

export const feed = {
  /** Before the page is loaded: its stream is then within reach. */
  install: (page: Page): Promise<unknown> =>
    page.addInitScript(() => {
      const Real = window.EventSource;
      window.EventSource = class extends Real {
        constructor(url: string | URL) {
          super(url);
          window.latheStream = this;
        }
      };
    }),

  /** One step an event. */
  run: (page: Page, run: string, { from, perSecond, seconds }: Feed): Promise<void> =>
    page.evaluate(
      async ({ run: id, from: first, perSecond: rate, seconds: length, entry }) => {
        for (let i = 1; i <= rate * length; i += 1) {
          const line = { ...entry, step: first + i, at: new Date().toISOString(), loss: 1 + Math.random() };
          window.latheStream?.dispatchEvent(new MessageEvent('run.logged', { data: JSON.stringify({ run: id, attempt: 1, lines: [line] }) }));
          await new Promise((resolve) => setTimeout(resolve, 1_000 / rate));
        }
      },
      { run, from, perSecond, seconds, entry: stepEntry(1) },
    ),
};
