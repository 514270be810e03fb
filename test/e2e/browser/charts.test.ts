/** The curve of a long run in a browser: the wheel goes into it, and out again to all there is. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../../main/store/store.ts';
import { fillStore, longRun } from '../../bench/store/full-store.ts';
import { keepingLogger } from '../../support/keeping-logger.ts';
import { launchBrowser, openPage, whyNoBrowser } from '../support/browser.ts';
import { serve, type Served } from '../support/serve.ts';

const minute = 60_000;

describe.skipIf(whyNoBrowser !== null)(`the curve of a run ${whyNoBrowser ?? ''}`, { timeout: minute }, () => {
  const home = mkdtempSync(join(tmpdir(), 'lathe-charts-'));
  let served: Served;
  let browser: Browser | undefined;
  let page: Page;
  beforeAll(async () => {
    const store = openStore(join(home, 'lathe.db'), keepingLogger());
    fillStore(store, { runs: 2, steps: 20_000, versions: 0 });
    store.close();
    served = await serve({ home });
    browser = await launchBrowser();
    ({ page } = await openPage(browser, served.login));
    await page.goto(`${served.url}/#/runs/${longRun}`);
    await page.locator('canvas').first().waitFor();
  }, 2 * minute);
  afterAll(async () => {
    await browser?.close();
    await served.end();
    rmSync(home, { recursive: true, force: true });
  }, minute);

  /** Of the curve alone: what the pointer shows is drawn too, so it goes away first. */
  const picture = async (): Promise<string> => {
    await page.mouse.move(0, 0);
    await page.waitForTimeout(300);
    return page
      .locator('canvas')
      .first()
      .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  };
  const wheel = async (by: number, times: number): Promise<void> => {
    const box = await page.locator('canvas').first().boundingBox();
    if (box === null) throw new Error('there is no chart');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    for (let i = 0; i < times; i += 1) {
      await page.mouse.wheel(0, by);
      await page.waitForTimeout(50);
    }
  };

  it('is gone into by the wheel, step by step, and shown whole again by the button', async () => {
    const whole = await picture();
    await wheel(-120, 2);
    const near = await picture();
    await wheel(-120, 4);
    const nearer = await picture();
    expect(new Set([whole, near, nearer]).size).toBe(3);
    await page.getByRole('button', { name: 'Whole run' }).click();
    expect((await picture()) === whole).toBe(true);
  });

  it('is shown whole again by the wheel as well', async () => {
    const whole = await picture();
    await wheel(-120, 4);
    expect((await picture()) === whole).toBe(false);
    await wheel(120, 12);
    expect((await picture()) === whole).toBe(true);
  });
});
