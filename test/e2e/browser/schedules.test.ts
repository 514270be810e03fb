/** Schedules in a browser: made with their times in sight, switched off, run by hand, changed, removed. */
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage, whyNoBrowser } from '../support/browser.ts';
import { filledHome, type FilledHome } from '../support/filled-home.ts';

const minutes = 60_000;
const name = 'every-morning';

describe.skipIf(whyNoBrowser !== null)(`schedules ${whyNoBrowser ?? ''}`, () => {
  let home: FilledHome;
  let browser: Browser | undefined;
  let page: Page;
  let complaints: readonly string[];
  beforeAll(async () => {
    home = await filledHome();
    browser = await launchBrowser();
    ({ page, complaints } = await openPage(browser, home.login));
    page.setDefaultTimeout(minutes);
  }, 5 * minutes);
  afterAll(async () => {
    await browser?.close();
    await home.end();
  });

  const button = (label: string, within: Page | Locator = page): Locator => within.getByRole('button', { name: label, exact: true });
  const heading = (title: string | RegExp): Promise<void> => page.getByRole('heading', { level: 1, name: title }).waitFor();
  const dialog = (): Locator => page.getByRole('dialog');

  it('makes one, its next five times in sight as they are written', { timeout: 2 * minutes }, async () => {
    await page.goto(`${home.url}/#/benchmarks/schedules/new`);
    const times = page.getByRole('listitem').filter({ has: page.locator('time') });
    await expect.poll(() => times.count(), { timeout: minutes }).toBe(5);
    const cron = page.getByRole('combobox', { name: 'Cron expression' });
    await cron.fill('0 7');
    await page.getByText('Must be a cron expression of five or six fields').waitFor();
    await cron.fill('30 6 * * *');
    await cron.press('Tab');
    const zone = page.getByRole('combobox', { name: 'Time zone' });
    await zone.fill('Asia/Tokyo');
    await zone.press('Tab');
    await expect.poll(() => times.first().innerText(), { timeout: minutes }).toMatch(/6:30.*GMT\+9/);
    await page.getByRole('textbox', { name: 'Name' }).fill(name);
    await page.getByText(home.subjects.model, { exact: true }).click();
    await page.getByText('PIQA', { exact: true }).click();
    await button('Make the schedule').click();
    await heading(name);
    const { schedules } = await home.call('schedules.list', {});
    expect(schedules.find((each) => each.name === name)).toMatchObject({
      enabled: true,
      rules: { cron_expression: '30 6 * * *', time_zone: 'Asia/Tokyo', models: [home.subjects.model], benchmarks: ['piqa'] },
    });
  });

  it('is switched off, and runs when it is told to', { timeout: 2 * minutes }, async () => {
    await page.getByText('Off', { exact: true }).waitFor({ state: 'detached' });
    await page.getByRole('switch', { name: `${name} is on` }).focus();
    await page.keyboard.press('Space');
    await page.getByText('None: it is off.').waitFor();
    await button('Run now').click();
    await heading(/ on piqa$/);
    await page.getByRole('link', { name: `by the schedule ${name}` }).click();
    await page.getByRole('row', { name: /Started/ }).waitFor();
  });

  it('is changed, and removed for good', { timeout: 2 * minutes }, async () => {
    await page.getByRole('link', { name: 'Change …' }).click();
    await heading(`Change ${name}`);
    await page.getByRole('textbox', { name: 'Items', exact: true }).fill('5');
    await button('Save').click();
    await heading(name);
    await page.getByText('no examples, first 5 items').waitFor();
    await button('More').click();
    await page.getByRole('menuitem', { name: 'Remove …' }).click();
    await button('Remove', dialog()).click();
    await heading('Schedules');
    await page.getByRole('rowheader', { name }).waitFor({ state: 'detached' });
    expect((await home.call('schedules.list', {})).schedules.map((each) => each.name)).toEqual([home.subjects.schedule]);
    expect(complaints).toEqual([]);
  });
});
