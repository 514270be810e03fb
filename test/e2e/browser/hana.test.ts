/** HANA in a browser: a connection is made, tested and shared with; a version that two machines made is settled; the state is in sight on every page. */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HanaHome } from '../../support/hana-home.ts';
import { startHana, whyNoHana, type HanaServer } from '../../support/hana-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { launchBrowser, openPage, whyNoBrowser } from '../support/browser.ts';
import { callHost, type CallHost } from '../support/call-host.ts';
import { serve, type Served } from '../support/serve.ts';

const minutes = 60_000;
const missing = whyNoBrowser ?? whyNoHana;
const environment = { LATHE_SECRET_KEY: 'a-passphrase-of-tests' };

/** A machine with the password of the test's HANA. */
async function machine(home: string): Promise<Served> {
  expect(await new HanaHome(home).keepPassword()).toMatchObject({ code: 0 });
  return serve({ home, environment });
}

describe.skipIf(missing !== null)(`HANA ${missing ?? ''}`, { timeout: 2 * minutes }, () => {
  const folder = temporaryFolder();
  let server: HanaServer;
  let own: Served;
  let other: Served;
  let call: CallHost;
  let callOther: CallHost;
  let browser: Browser | undefined;
  let page: Page;
  let complaints: readonly string[];
  beforeAll(async () => {
    server = await startHana();
    [own, other] = await Promise.all([machine(join(folder, 'own')), machine(join(folder, 'other'))]);
    [call, callOther] = [callHost(own), callHost(other)];
    browser = await launchBrowser();
    ({ page, complaints } = await openPage(browser, own.login));
    page.setDefaultTimeout(minutes);
  }, 3 * minutes);
  afterAll(async () => {
    await browser?.close();
    await Promise.all([own.end(), other.end()]);
    await server.stop();
  });
  const press = (name: string | RegExp): Promise<void> => page.getByRole('button', { name }).click();

  it('is connected: written down, tested, its tables made, shared with', async () => {
    await page.goto(`${own.url}/#/hana`);
    await page.getByText('No HANA is connected').waitFor();
    await page.getByRole('link', { name: 'New connection' }).click();
    await press('Keep it');
    await page.getByText('Fill this in.').first().waitFor();
    for (const [label, text] of [
      ['Name', 'office'],
      ['Host', '127.0.0.1'],
      ['Port', String(server.port)],
      ['User', 'ADMIN'],
    ] as const)
      await page.getByRole('textbox', { name: label, exact: true }).fill(text);
    await press(/^Choose a secret/);
    await page.getByRole('option', { name: 'hana' }).click();
    await page.getByRole('switch', { name: 'Encrypt (TLS)' }).press(' ');
    await press('Keep it');
    await press('Test: office');
    await page.getByText('It works').waitFor();
    await press('Show the SQL');
    await page.getByRole('dialog').getByText('LATHE_SYNC_CLOCK').first().waitFor();
    await page.keyboard.press('Escape');
    await press('Make the tables');
    await page.getByText(/version \d+, the newest/).waitFor();
    await press('Share with it: office');
    await page.getByRole('link', { name: 'Sharing with HANA: In step' }).waitFor();
  });

  it('shows what two machines made under one name, side by side, and settles it', async () => {
    await callOther('hana.save', { connection: server.connection({ name: 'office' }) });
    await callOther('hana.connect', { connection: 'office' });
    const words = (description: string) => ({ name: 'sorter', version: '1.0.0', base: 'tiny', description });
    await callOther('registry.register', words('Made over there.'));
    await callOther('sync.now', {});
    await call('registry.register', words('Made here.'));
    await call('sync.now', {});
    await page.getByRole('link', { name: /^Sharing with HANA: .*1 conflict/ }).click();
    await page.getByRole('cell', { name: 'Made here.' }).waitFor();
    await page.getByRole('cell', { name: 'Made over there.' }).waitFor();
    await press('Keep yours');
    await page.getByRole('heading', { name: 'No conflict' }).waitFor();
    await call('sync.now', {});
    await callOther('sync.now', {});
    expect(await callOther('registry.get', { name: 'sorter', version: '1.0.0' })).toMatchObject({ description: 'Made here.' });
  });

  it('gives rows to learn from, which become a data set and are fetched again', async () => {
    await page.goto(`${own.url}/#/datasets`);
    await page.getByRole('link', { name: 'Rows from a HANA …' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('versions-there');
    await page.getByRole('textbox', { name: 'Table or view' }).fill('LATHE_VERSIONS');
    await page.getByRole('textbox', { name: 'Fields' }).fill('prompt = ID\ncompletion = NAME');
    await press('Fetch them');
    await page.getByRole('heading', { level: 1, name: 'versions-there' }).waitFor();
    await page.getByText('sorter@1.0.0').first().waitFor();
    await press('More');
    await page.getByRole('menuitem', { name: 'Fetch again from HANA' }).click();
    await page.getByText('versions-there is as HANA has it now.').waitFor();
    await page.goto(`${own.url}/#/hana`);
  });

  it('shows what HANA has, and what became of a log-on that is refused', async () => {
    await page.getByRole('tab', { name: 'What HANA has' }).click();
    await press(/^Run What/);
    await page.getByRole('option', { name: 'Version' }).click();
    await page.getByRole('rowheader', { name: 'sorter@1.0.0' }).waitFor();
    await server.refuseLogons({ code: 416, message: 'user is locked' });
    await server.dropAll();
    await page.getByRole('tab', { name: 'State' }).click();
    await press('Sync now');
    await page.getByRole('link', { name: /^Sharing with HANA: Needs attention/ }).waitFor();
    await page.getByText('has locked ADMIN').first().waitFor();
    // The browser itself tells of the refusal.
    expect(complaints.filter((complaint) => !complaint.includes('status of 502'))).toEqual([]);
  });
});
