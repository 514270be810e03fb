/** Every view, shown once and worn in both themes: it comes up without a complaint, and the accessibility checker finds nothing. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage, whyNoBrowser, type OpenedPage } from '../support/browser.ts';
import { filledHome, type FilledHome } from '../support/filled-home.ts';
import { addressOf, views, type Subjects } from '../views.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const minutes = 60_000;

describe.skipIf(whyNoBrowser !== null)(`every view ${whyNoBrowser ?? ''}`, () => {
  let home: FilledHome | undefined;
  let browser: Browser | undefined;
  let [url, subjects] = [
    '',
    { model: '', dataset: '', runs: [], deployment: '', version: { name: '', version: '' }, benchmark: '', scores: ['', ''], schedule: '' } as Subjects,
  ];
  let opened: OpenedPage;
  beforeAll(async () => {
    home = await filledHome({ deploys: true });
    browser = await launchBrowser();
    ({ url, subjects } = home);
    // The checker is put in from outside, which the page's own policy would refuse.
    opened = await openPage(browser, home.login, { bypassCSP: true });
  }, 5 * minutes);
  afterAll(async () => {
    await browser?.close();
    await home?.end();
  });

  it.each(views)('$name', { timeout: minutes }, async (view) => {
    const { page, complaints } = opened;
    const before = complaints.length;
    await show(page, `${url}${addressOf(view, subjects)}`);
    for (const colorScheme of ['light', 'dark'] as const) {
      await wear(page, colorScheme);
      const results = await check(page);
      expect(results.violations.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`)).toEqual([]);
      expect(complaints.slice(before)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)).toBe(true);
    }
  });

  it.each([
    ['/runs/none', 'There is no run none', 'To the runs'],
    ['/models/none', 'There is no model none on the shelf', 'To the models'],
    ['/datasets/none', 'There is no data set none on the shelf', 'To the data sets'],
    ['/registry/none/1.0.0', 'There is no version none@1.0.0', 'To the registry'],
    ['/benchmarks/runs/none', 'There is no benchmark run none', 'To the benchmarks'],
    ['/benchmarks/new?from=none', 'There is no benchmark run none', 'To the benchmarks'],
    ['/benchmarks/scores/none.1', 'There is no score none.1', 'To the benchmarks'],
    ['/benchmarks/scores/none', 'There is no score none', 'To the benchmarks'],
    ['/benchmarks/schedules/none', 'There is no schedule none', 'To the schedules'],
    ['/benchmarks/schedules/none/edit', 'There is no schedule none', 'To the schedules'],
    ['/deploy/none', 'There is no deployment none', 'To the deployments'],
    ['/deploy/target/none', 'There is no target of that name', 'To the targets'],
  ])('%s, which leads to nothing, says so and where the others are', { timeout: minutes }, async (path, said, back) => {
    const { page } = opened;
    await show(page, `${url}/#${path}`);
    await page.getByRole('heading', { level: 2, name: said, exact: true }).waitFor();
    await page.getByRole('link', { name: back }).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await expect.poll(() => page.url()).not.toContain('none');
  });
});

async function show(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.reload();
  await page.locator('h1').waitFor();
  await page.getByText('Loading …').first().waitFor({ state: 'detached' });
}

/** Follows the system's theme while it is shown, as it is set from the beginning. */
async function wear(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.locator(`html[data-theme=${colorScheme}]`).waitFor();
  // What changes its colour slowly; what turns for ever is not waited for.
  await page.evaluate(() => {
    const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    const ended = Promise.all(ending.map((animation) => animation.finished.catch(() => undefined)));
    // One that is held in its middle never ends.
    return Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 2_000))]);
  });
}

async function check(page: Page): Promise<AxeResults> {
  await page.evaluate(axe);
  return page.evaluate(() => (window as unknown as { axe: { run: (options: object) => Promise<AxeResults> } }).axe.run({ resultTypes: ['violations'] }));
}
