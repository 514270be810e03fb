/** A deployment in a browser: from the version by a click, its plan, its one confirmation, live to its end; then programs ask the endpoint, and it is taken back. */
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage, whyNoBrowser } from '../support/browser.ts';
import { filledHome, type FilledHome } from '../support/filled-home.ts';

const minutes = 60_000;
const alias = 'mail-sorter';

describe.skipIf(whyNoBrowser !== null)(`a deployment ${whyNoBrowser ?? ''}`, () => {
  let home: FilledHome;
  let browser: Browser | undefined;
  let page: Page;
  let complaints: readonly string[];
  let endpoint: string;
  beforeAll(async () => {
    home = await filledHome();
    await home.call('registry.setState', { name: 'support-routing', version: '1.0.0', state: 'approved', reason: 'It was looked at.' });
    const { targets } = await home.call('targets.list', {});
    const target = targets[0]?.target;
    endpoint = `http://127.0.0.1:${target?.kind === 'embedded' ? target.port : 0}/v1`;
    browser = await launchBrowser();
    ({ page, complaints } = await openPage(browser, home.login));
    page.setDefaultTimeout(minutes);
  }, 5 * minutes);
  afterAll(async () => {
    await browser?.close();
    await home.end();
  });

  const button = (label: string, within: Page | Locator = page): Locator => within.getByRole('button', { name: label, exact: true });
  const served = async (): Promise<readonly string[]> =>
    ((await (await fetch(`${endpoint}/models`)).json()) as { data: { id: string }[] }).data.map(({ id }) => id);

  it('is asked for at the version, shown beforehand, confirmed once, and followed', { timeout: 3 * minutes }, async () => {
    await page.goto(`${home.url}/#/registry/support-routing/1.0.0`);
    await button('Deploy …').first().click();
    await page.getByRole('heading', { level: 1, name: 'Deploy a version' }).waitFor();
    await page.getByRole('textbox', { name: 'Name it answers under' }).fill(alias);
    await page
      .getByRole('main')
      .getByRole('button', { name: /^Settings/ })
      .click();
    await page.getByRole('textbox', { name: 'Watch after each step' }).fill('1s');
    await page.getByRole('textbox', { name: 'Look every' }).fill('500ms');
    await page.getByText(`Nobody answers under ${alias} yet.`).waitFor();
    await button('Deploy support-routing@1.0.0 to this-machine').click();
    await page.getByRole('heading', { level: 1, name: 'support-routing@1.0.0' }).waitFor();
    await page.getByText('The new version answers.').waitFor();
    expect(await served()).toContain(alias);
  });

  it('is asked by programs under its name', async () => {
    const body = JSON.stringify({ model: alias, messages: [{ role: 'user', content: 'Where is my parcel?' }], max_tokens: 16 });
    const answer = await fetch(`${endpoint}/chat/completions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(await answer.json()).toMatchObject({ model: alias, choices: [{ message: { role: 'assistant', content: expect.stringMatching(/./) as string } }] });
  });

  it('is taken back with a reason, and the history tells of both', { timeout: 2 * minutes }, async () => {
    await button('Roll back …').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('It was only tried.');
    await button('Roll back', dialog).click();
    await page.getByText('What answered before answers again.').waitFor();
    expect(await served()).not.toContain(alias);
    const { servings } = await home.call('deployments.history', { alias });
    expect(servings).toMatchObject([{ name: 'support-routing', version: '1.0.0', to: expect.any(String) as string }]);
    expect(complaints).toEqual([]);
  });
});
