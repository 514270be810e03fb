/** Settings and help in a browser: what is set is kept, a token is shown once and works until it is revoked, help is found and read. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage, whyNoBrowser, type OpenedPage } from '../support/browser.ts';
import { serve, type Served } from '../support/serve.ts';

const minutes = 60_000;

describe.skipIf(whyNoBrowser !== null)(`settings and help ${whyNoBrowser ?? ''}`, { timeout: minutes }, () => {
  let host: Served;
  let browser: Browser;
  let opened: OpenedPage;
  let page: Page;
  beforeAll(async () => {
    host = await serve();
    browser = await launchBrowser();
    opened = await openPage(browser, host.login, { permissions: ['clipboard-read', 'clipboard-write'] });
    ({ page } = opened);
  }, 3 * minutes);
  afterAll(async () => {
    await browser.close();
    await host.end();
    expect(opened.complaints).toEqual([]);
  });
  const go = (path: string) => page.goto(`${host.url}/#${path}`);
  const reload = () => page.reload();

  it('keeps a number and a switch at once, and refuses a wrong number at its field', async () => {
    await go('/settings/general');
    const restarts = page.getByRole('textbox', { name: 'Restarts after a crash' });
    await restarts.fill('5');
    await restarts.press('Enter');
    await page.getByRole('switch', { name: 'Resume interrupted runs' }).press(' ');
    await expect.poll(() => page.getByText('Saved').count()).toBe(2);
    await reload();
    await expect.poll(() => restarts.inputValue()).toBe('5');
    expect(await page.getByRole('switch', { name: 'Resume interrupted runs' }).isChecked()).toBe(true);
    await restarts.fill('500');
    await restarts.press('Enter');
    await page.getByText(/<=100/).waitFor();
    await reload();
    await expect.poll(() => restarts.inputValue()).toBe('5');
  });

  it('changes the theme and keeps it', async () => {
    await go('/settings/general');
    await page.getByRole('button', { name: /Theme/ }).click();
    await page.getByRole('option', { name: 'Dark' }).click();
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    await reload();
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
  });

  it('shows a new token once, which works until it is revoked', async () => {
    await go('/settings/tokens');
    await page.getByRole('button', { name: 'New token' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'New token' }).click();
    await dialog.getByText(/must be 1 to 64/).waitFor();
    await dialog.getByRole('textbox', { name: 'Name' }).fill('pipeline');
    await dialog.getByRole('button', { name: 'New token' }).click();
    const text = (await dialog.getByLabel('Token', { exact: true }).textContent()) ?? '';
    expect(text).toMatch(/^lathe_/);
    await dialog.getByRole('button', { name: 'Copy' }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(text);
    await page.keyboard.press('Escape');
    expect(await dialog.isVisible()).toBe(true);
    await dialog.getByRole('button', { name: 'I have copied it' }).click();
    const ask = async (): Promise<number> => (await fetch(`${host.url}/v1/registry/models`, { headers: { authorization: `Bearer ${text}` } })).status;
    expect(await ask()).toBe(200);
    await page.getByRole('button', { name: 'Revoke pipeline' }).click();
    await dialog.getByRole('button', { name: 'Revoke' }).click();
    await page
      .getByRole('row', { name: /pipeline/ })
      .getByText('Revoked')
      .waitFor();
    expect(await ask()).toBe(401);
  });

  it('backs up, and finds the audit log whole', async () => {
    const to = join(tmpdir(), `lathe-backup-${process.pid}.tar`);
    try {
      await go('/settings/storage');
      await page.getByRole('button', { name: 'Back up now' }).click();
      await page.getByText('Say where to.').waitFor();
      await page.getByRole('textbox', { name: 'Where to' }).fill(to);
      await page.getByRole('button', { name: 'Back up now' }).click();
      await page.getByText(/files, .* are in the backup/).waitFor();
      expect(existsSync(to)).toBe(true);
    } finally {
      rmSync(to, { force: true });
    }
    await page.getByRole('button', { name: 'Check it' }).click();
    await page.getByText(/rows, each as it was written/).waitFor();
  });

  it('says how a secret is set, and follows the log', async () => {
    await go('/settings/secrets');
    await page.getByText('lathe secret set NAME').waitFor();
    await go('/settings/logs');
    const lines = page.getByRole('list', { name: 'Lines of the log' });
    await lines.getByText('host began').waitFor();
    expect(await lines.getByText('kind=inspect').count()).toBe(0);
    await inspectModel(host);
    await lines.getByText('kind=inspect').first().waitFor();
    await page.getByRole('searchbox').fill('no such line');
    await page.getByText('Nothing of this level').waitFor();
  });

  it('says what this installation is, and copies a report on it', async () => {
    await go('/settings/about');
    await page.getByRole('region', { name: 'Licences' }).first().waitFor();
    await page.getByRole('button', { name: 'Copy diagnostic report' }).click();
    await page.getByRole('dialog').getByText('It has been copied.').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^# Diagnostic report/);
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  });

  it('opens the first page of help, goes along its links, and finds words in all of them', async () => {
    await go('/help');
    await page.getByRole('heading', { level: 1, name: 'First steps' }).waitFor();
    await page.getByRole('link', { name: 'errors', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Errors' }).waitFor();
    expect(page.url()).toMatch(/#\/help\/errors$/);
    await page.getByRole('searchbox', { name: 'Search' }).fill('no page has zyzzyva');
    await page.getByText('No page says').waitFor();
    await page.getByRole('searchbox', { name: 'Search' }).fill('LEARNING_rate good beginning');
    await page.getByRole('link', { name: 'Settings worth knowing' }).click();
    const heading = page.getByRole('heading', { name: 'Settings worth knowing' });
    await heading.waitFor();
    expect(page.url()).toMatch(/#\/help\/getting-started#settings-worth-knowing$/);
    await expect.poll(() => heading.evaluate((element) => element.getBoundingClientRect().top < innerHeight)).toBe(true);
  });

  it('opens nothing outside', async () => {
    await go('/help/dependencies');
    await page.getByRole('heading', { level: 1 }).waitFor();
    const addresses = await page.locator('main a').evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
    expect(addresses.length).toBeGreaterThan(3);
    expect(addresses.filter((address) => !address.startsWith('#/'))).toEqual([]);
  });
});

/** Something that is logged. */
async function inspectModel({ url, token }: Served): Promise<void> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${readFileSync(token, 'utf8').trim()}` };
  const response = await fetch(`${url}/v1/calls/models.inspect`, { method: 'POST', headers, body: JSON.stringify({ path: 'lathe-base' }) });
  expect(response.status).toBe(200);
}
