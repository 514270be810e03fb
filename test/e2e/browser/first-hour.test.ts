/** The first hour in a browser, with a second window beside it, a window that is closed while the run goes on, and keys alone. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approve, compare, demoRun, exportVersion, secondVersion } from '../flows/first-hour.ts';
import { launchBrowser, openPage, whyNoBrowser } from '../support/browser.ts';
import { serve, type Served } from '../support/serve.ts';

const minute = 60_000;

describe.skipIf(whyNoBrowser !== null)(`the first hour in a browser ${whyNoBrowser ?? ''}`, { timeout: 6 * minute }, () => {
  let served: Served | undefined;
  let browser: Browser | undefined;
  let page: Page;
  let complaints: readonly string[] = [];

  beforeAll(async () => {
    [served, browser] = await Promise.all([serve(), launchBrowser()]);
    ({ page, complaints } = await openPage(browser, served.login));
    page.setDefaultTimeout(minute);
  }, 3 * minute);

  afterAll(async () => {
    await browser?.close();
    await served?.end();
  }, minute);

  it('begins with nothing and says so', async () => {
    await page.getByText('Nothing runs right now.').waitFor();
    await page.getByText('Nothing waits for you.').waitFor();
  });

  it('runs the demo, stops it, and lets it come to its end', async () => {
    await demoRun(page);
    expect(complaints).toEqual([]);
  });

  it('shows another window the same, and one that is opened anew what it showed before', async () => {
    const figures = (of: Page): Promise<readonly string[]> => of.locator('[class*=figure] > [class*=value]').allInnerTexts();
    const other = await page.context().newPage();
    await other.goto(page.url());
    await other.getByText('Done', { exact: true }).waitFor();
    const shown = await figures(page);
    expect(shown.length).toBeGreaterThan(4);
    expect(await figures(other)).toEqual(shown);
    await other.close();
    await page.reload();
    await page.getByText('Done', { exact: true }).waitFor();
    expect(await figures(page)).toEqual(shown);
  });

  it('makes a version, has it approved for a reason, compares and exports', async () => {
    await secondVersion(page);
    await approve(page);
    await compare(page);
    await exportVersion(page);
    expect(complaints).toEqual([]);
  });

  it('goes to every place by keys alone', async () => {
    await page.goto(`${String(served?.url)}/#/`);
    await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
    for (const place of ['Runs', 'Registry', 'Deploy', 'Home']) {
      await page.keyboard.press('Control+k');
      const search = page.getByRole('dialog').getByRole('searchbox');
      await search.waitFor();
      await page.keyboard.type(place);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: place }).waitFor();
    }
    // The first stop of the Tab key leads past the navigation.
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
  });
});
