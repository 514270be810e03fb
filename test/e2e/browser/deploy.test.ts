/** A deployment in a browser: from the version by a click, its plan, its one confirmation, live to its end; then programs ask the endpoint, and it is taken back. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askAt, deployVersion, namesAt, rollBack } from '../flows/deployment.ts';
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
    home = await filledHome({ deploys: true });
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

  it('is asked for at the version, shown beforehand, confirmed once, and followed', { timeout: 3 * minutes }, async () => {
    await page.goto(`${home.url}/#/registry/support-routing/1.0.0`);
    await deployVersion(page, { version: 'support-routing@1.0.0', target: 'this-machine', alias });
    expect(await namesAt(endpoint)).toContain(alias);
  });

  it('is asked by programs under its name', () => askAt(endpoint, alias));

  it('is taken back with a reason, and the history tells of both', { timeout: 2 * minutes }, async () => {
    await rollBack(page, 'It was only tried.');
    expect(await namesAt(endpoint)).not.toContain(alias);
    const { servings } = await home.call('deployments.history', { alias });
    expect(servings).toMatchObject([{ name: 'support-routing', version: '1.0.0', to: expect.any(String) as string }]);
    expect(complaints).toEqual([]);
  });
});
