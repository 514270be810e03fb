/** Every view in both themes: it comes up without a complaint, and the accessibility checker finds nothing serious. */
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
    home = await filledHome();
    browser = await launchBrowser();
    ({ url, subjects } = home);
    // The checker is put in from outside, which the page's own policy would refuse.
    opened = await openPage(browser, home.login, { bypassCSP: true });
  }, 5 * minutes);
  afterAll(async () => {
    await browser?.close();
    await home?.end();
  });

  for (const theme of ['light', 'dark'] as const) {
    it.each(views)(`$name, ${theme}`, { timeout: minutes }, async (view) => {
      const { page, complaints } = opened;
      const before = complaints.length;
      await show(page, `${url}${addressOf(view, subjects)}`, theme);
      const results = await check(page);
      expect(results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`)).toEqual([]);
      expect(complaints.slice(before)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)).toBe(true);
    });
  }
});

async function show(page: Page, url: string, theme: string): Promise<void> {
  await page.evaluate((chosen) => localStorage.setItem('lathe.theme', chosen), theme);
  await page.goto(url);
  await page.reload();
  await page.locator('h1').waitFor();
  await page.getByText('Loading …').first().waitFor({ state: 'detached' });
}

async function check(page: Page): Promise<AxeResults> {
  await page.evaluate(axe);
  return page.evaluate(() => (window as unknown as { axe: { run: (options: object) => Promise<AxeResults> } }).axe.run({ resultTypes: ['violations'] }));
}
