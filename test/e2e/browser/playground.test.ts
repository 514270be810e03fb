/** The playground in a browser, on the model that comes with Lathe: two sides answer one message, the conversation goes on, and it can be stopped. */
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage, whyNoBrowser, type OpenedPage } from '../support/browser.ts';
import { filledHome, type FilledHome } from '../support/filled-home.ts';

const minutes = 60_000;

describe.skipIf(whyNoBrowser !== null)(`the playground ${whyNoBrowser ?? ''}`, { timeout: 2 * minutes }, () => {
  let home: FilledHome;
  let browser: Browser;
  let opened: OpenedPage;
  let page: Page;
  beforeAll(async () => {
    home = await filledHome();
    browser = await launchBrowser();
    opened = await openPage(browser, home.login);
    ({ page } = opened);
    await page.goto(`${home.url}/#/playground`);
  }, 5 * minutes);
  afterAll(async () => {
    await browser.close();
    await home.end();
    expect(opened.complaints).toEqual([]);
  });
  const answers = (side: 'Left' | 'Right'): Locator => page.getByRole('region', { name: `Answer, ${side}` });
  const say = async (text: string): Promise<void> => {
    await page.getByRole('textbox', { name: 'Message' }).fill(text);
    await page.keyboard.press('Control+Enter');
  };
  const over = async (count: number): Promise<void> => {
    await expect.poll(() => page.getByText(/tokens, .* a second/).count(), { timeout: minutes }).toBe(count);
  };

  it('begins with the newest version against its base', async () => {
    await page.getByRole('button', { name: /Adapter, right/ }).waitFor();
    expect(await page.getByRole('button', { name: /Adapter, right/ }).textContent()).toMatch(/support-routing@1\.0\.0/);
    expect(await page.getByRole('button', { name: /Adapter, left/ }).textContent()).toMatch(/None/);
  });

  it('lets both answer the same message, each in its own words', async () => {
    await say('My parcel has not come.');
    await over(2);
    const [left, right] = [await answers('Left').locator('p').first().textContent(), await answers('Right').locator('p').first().textContent()];
    expect([left, right]).not.toContain('');
    expect(left).not.toBe(right);
    await answers('Right').getByRole('button', { name: 'What the model saw' }).click();
    const seen = (await page.getByRole('dialog').locator('pre').textContent()) ?? '';
    expect(seen).toContain('My parcel has not come.');
    expect(seen).not.toBe('My parcel has not come.');
    await page.keyboard.press('Escape');
  });

  it('goes on with what each side said, also after another view was looked at', async () => {
    const first = (await answers('Right').locator('p').first().textContent()) ?? '';
    await page.getByRole('link', { name: 'Home' }).click();
    await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
    await page.getByRole('link', { name: 'Playground' }).click();
    await say('And now?');
    await over(4);
    await answers('Right').nth(1).getByRole('button', { name: 'What the model saw' }).click();
    expect(await page.getByRole('dialog').locator('pre').textContent()).toContain(first);
    await page.keyboard.press('Escape');
  });

  it('sends a raw prompt as it is', async () => {
    await page.getByRole('button', { name: 'Options' }).click();
    await page.getByRole('switch', { name: 'Raw prompt' }).press(' ');
    await page.getByRole('switch', { name: 'Side by side' }).press(' ');
    const most = page.getByRole('textbox', { name: 'Most tokens' });
    await most.fill('4');
    await most.press('Enter');
    await page.getByRole('textbox', { name: /^Prompt/ }).fill('The parcel');
    await page.keyboard.press('Control+Enter');
    await over(5);
    await answers('Left').last().getByRole('button', { name: 'What the model saw' }).click();
    expect(await page.getByRole('dialog').locator('pre').textContent()).toBe('The parcel');
    await page.keyboard.press('Escape');
    await page.getByRole('switch', { name: 'Raw prompt' }).press(' ');
    await most.fill('8000');
    await most.press('Enter');
  });

  it('is led to from a run, with its adapter against its base', async () => {
    const [, first] = home.subjects.runs;
    await page.goto(`${home.url}/#/runs/${first ?? ''}`);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Try in the playground' }).click();
    await page.getByRole('switch', { name: 'Side by side' }).press(' ');
    await expect.poll(() => page.getByRole('button', { name: /Adapter, right/ }).textContent()).toMatch(/Run first try/);
  });

  // A short answer may be there before it is stopped.
  it('stops where it is told to, and begins anew', { retry: 3 }, async () => {
    // Two sides: stopped early, the second never begins.
    await say('Tell me a long story about modems.');
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Send' }).waitFor();
    await expect.poll(() => answers('Right').last().getAttribute('aria-busy'), { timeout: minutes }).toBe('false');
    expect(await answers('Right').last().textContent()).toMatch(/stopped/);
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByText('Say something to both').waitFor();
  });
});
