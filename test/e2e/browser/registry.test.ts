/** The registry in a browser: a version is made, judged, tagged, compared, exported and followed back, by mouse and by keyboard. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage, whyNoBrowser } from '../support/browser.ts';
import { filledHome, type FilledHome } from '../support/filled-home.ts';

const minutes = 60_000;
const name = 'support-routing';
const made = { name, version: '1.1.0' };

describe.skipIf(whyNoBrowser !== null)(`the registry ${whyNoBrowser ?? ''}`, () => {
  let home: FilledHome;
  let browser: Browser | undefined;
  let page: Page;
  let complaints: readonly string[];
  beforeAll(async () => {
    home = await filledHome();
    browser = await launchBrowser();
    ({ page, complaints } = await openPage(browser, home.login));
    const { demo } = await home.call('host.about', {});
    await home.call('datasets.add', { name: 'support-routing-train', path: demo.config.data?.path ?? '' });
  }, 5 * minutes);
  afterAll(async () => {
    await browser?.close();
    await home.end();
  });

  const go = async (path: string): Promise<void> => {
    await page.goto(`${home.url}/#${path}`);
  };
  /** Into a field that proposes; going on closes its proposals, whether there are any or not. */
  const write = async (field: Locator, text: string): Promise<void> => {
    await field.fill(text);
    await field.press('Tab');
  };
  const button = (label: string, within: Page | Locator = page): Locator => within.getByRole('button', { name: label, exact: true });
  const dialog = (): Locator => page.getByRole('dialog');
  const state = (text: string): Locator => page.getByRole('banner').or(page.locator('header')).getByText(text, { exact: true });

  it('makes a version of a run, and says at the field what is wrong', { timeout: minutes }, async () => {
    await go(`/runs/${home.subjects.runs[1] ?? ''}`);
    await button('Make a version').click();
    const field = page.getByRole('combobox', { name: 'Name' });
    await write(field, 'Not a name');
    await button('Make the version').click();
    await page.getByText('It must be lower-case letters').waitFor();
    expect(await field.evaluate((input) => input === document.activeElement)).toBe(true);
    await write(field, name);
    await page.getByRole('button', { name: '1.0.1: the same, better made' }).click();
    await page.getByRole('option', { name: '1.1.0' }).click();
    await page.getByRole('textbox', { name: 'Description' }).fill('Half the rank.');
    await button('Add a note').click();
    await page.getByRole('textbox', { name: 'Name of the note' }).fill('reviewed');
    await page.getByRole('textbox', { name: 'Value' }).fill('true');
    await button('Make the version').click();
    await page.getByRole('heading', { name: `${name}@1.1.0` }).waitFor();
    expect(await home.call('registry.get', made)).toMatchObject({ state: 'draft', description: 'Half the rank.', record: { metadata: { reviewed: true } } });
  });

  it('approves only with a reason, the evidence first', { timeout: minutes }, async () => {
    await button('Make it a candidate …').click();
    await button('Make it a candidate', dialog()).click();
    await button('Approve …').click();
    await dialog().getByText('Not evaluated').waitFor();
    await dialog().getByText('Not scored yet.').waitFor();
    await button('Approve', dialog()).click();
    await dialog().getByText('An approval needs a reason.').waitFor();
    expect(await home.call('registry.get', made)).toMatchObject({ state: 'candidate' });
    await dialog().getByRole('textbox', { name: 'Why it may be used' }).fill('Smaller, and good enough.');
    await button('Approve', dialog()).click();
    await state('Approved').waitFor();
    const { states } = await home.call('registry.get', made);
    expect(states.at(-1)).toMatchObject({ state: 'approved', previous: 'candidate', reason: 'Smaller, and good enough.' });
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByRole('row', { name: /Approved \(was candidate\).*Smaller, and good enough\./ }).waitFor();
  });

  it('moves a tag, says from where, and takes it away', { timeout: minutes }, async () => {
    await button('Tags …').click();
    await write(dialog().getByRole('combobox', { name: 'Tag' }), 'demo');
    await dialog().getByText('demo is on 1.0.0 now and moves here.').waitFor();
    await dialog().getByRole('textbox', { name: 'Reason' }).fill('approved');
    await page.keyboard.press('Enter');
    await dialog().getByText('moved from 1.0.0 to 1.1.0').waitFor();
    expect((await home.call('registry.history', { name })).tags).toEqual({ demo: '1.1.0' });
    await button('Take demo away', dialog()).click();
    await dialog().getByText('None.').waitFor();
    expect((await home.call('registry.history', { name })).tags).toEqual({});
    await button('Close', dialog()).click();
  });

  it('compares two that are chosen by keyboard, and swaps them', { timeout: minutes }, async () => {
    await go('/registry');
    await page.getByRole('row', { name: `${name}@1.1.0` }).focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await button('Compare').click();
    const rank = page.getByRole('row', { name: /^lora\.rank/ });
    await rank.waitFor();
    expect((await rank.getByRole('cell').allInnerTexts()).slice(0, 2)).toEqual(['8', '4']);
    await button('Swap').click();
    await page.getByRole('row', { name: /^lora\.rank 4 8/ }).waitFor();
    const folded = page.getByText(/^Same in both/);
    const seed = page.getByRole('term').filter({ hasText: /^training\.seed$/ });
    expect(await seed.isVisible()).toBe(false);
    await folded.click();
    expect(await seed.isVisible()).toBe(true);
  });

  it('exports into a folder, and shows the remedy where it is taken', { timeout: minutes }, async () => {
    expect(complaints).toEqual([]);
    const dir = join(home.home, 'exported');
    await go(`/registry/${name}/1.1.0`);
    await button('Export …').click();
    await dialog().getByRole('textbox', { name: 'Folder' }).fill(dir);
    await button('Export', dialog()).click();
    await dialog().getByText('adapter_model.safetensors').waitFor();
    expect(readdirSync(dir)).toEqual(expect.arrayContaining(['README.md', 'adapter_config.json', 'adapter_model.safetensors']));
    await button('Close', dialog()).click();
    await button('Export …').click();
    await dialog().getByRole('textbox', { name: 'Folder' }).fill(dir);
    await page.keyboard.press('Enter');
    await dialog().getByRole('alert').getByText('holds files already').waitFor();
    await page.keyboard.press('Escape');
  });

  it('imports an adapter from a folder, and says what is wrong with another', { timeout: minutes }, async () => {
    const dir = join(home.home, 'exported');
    await go('/registry');
    await button('Import …').click();
    await dialog().getByRole('textbox', { name: 'Adapter' }).fill(join(home.home, 'nowhere'));
    await write(dialog().getByRole('combobox', { name: 'Name' }), 'from-elsewhere');
    await dialog().getByRole('textbox', { name: 'Adapter' }).press('Enter');
    await dialog().getByRole('alert').getByText('nowhere').first().waitFor();
    await page.getByRole('button', { name: 'Browse … Adapter' }).click();
    await page.getByRole('textbox', { name: 'Path on the machine that Lathe runs on' }).fill(dir);
    await button('Choose').click();
    expect(await page.getByRole('textbox', { name: 'Adapter' }).inputValue()).toBe(dir);
    await dialog().getByRole('textbox', { name: 'Adapter' }).press('Enter');
    await page.getByRole('heading', { name: 'from-elsewhere@1.0.0' }).waitFor();
    expect(await home.call('registry.get', { name: 'from-elsewhere' })).toMatchObject({ record: { origin: 'import', artifacts: expect.any(Array) as [] } });
  });

  it('shows the scores before an approval, and retires by keyboard alone', { timeout: minutes }, async () => {
    const scores = { loss: 2, loss_stderr: 0.1, perplexity: 7.389, exact_match: 0.2, exact_match_stderr: 0.04, rows: 100, tokens: 1_000 };
    const evaluation = {
      data: { name: 'test-rows', path: null, sha256: null },
      before: scores,
      after: { ...scores, exact_match: 0.25 },
      test: { name: 'McNemar', gained: 9, lost: 4, p: 0.267 },
    };
    await home.call('registry.register', { name: 'scored', run: home.subjects.runs[0] ?? '', evaluation });
    await home.call('registry.setState', { name: 'scored', state: 'candidate' });
    await go('/registry/scored/1.0.0');
    await button('Approve …').focus();
    await page.keyboard.press('Enter');
    await dialog().getByRole('row', { name: 'Exact match 20.0 ± 4.0 % 25.0 ± 4.0 % +5.0 points better' }).waitFor();
    await dialog().getByText('That may be chance (McNemar: p = 0.27)').waitFor();
    await page.keyboard.press('Escape');
    await button('More').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await dialog().getByText('cannot come back').waitFor();
    await page.keyboard.type('not better');
    await page.keyboard.press('Enter');
    await state('Retired').waitFor();
    expect((await home.call('registry.get', { name: 'scored' })).states.at(-1)).toMatchObject({ state: 'retired', reason: 'not better' });
  });

  it('leads from the lineage to what a version came from, by keyboard', { timeout: minutes }, async () => {
    await go(`/registry/${name}/1.1.0`);
    await page.getByRole('tab', { name: 'Overview' }).focus();
    await page.keyboard.press('ArrowRight');
    const graph = page.getByRole('list', { name: `What ${name}@1.1.0 was made from` });
    await graph.waitFor();
    const run = graph.getByRole('link', { name: /Run/ });
    await graph.getByRole('link', { name: /support-routing-train.*Data set/ }).waitFor();
    expect(await run.innerText()).toContain('made from');
    for (let i = 0; i < 10 && !(await run.evaluate((link) => link === document.activeElement)); i += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'first try' }).waitFor();
    await go(`/registry/${name}/1.1.0?part=lineage`);
    await page.getByText(`All versions of ${name}`).click();
    // Its scores stand beside it, and say its number too.
    await page.locator(`a[href="#/registry/${name}/1.0.0?part=lineage"]`).click();
    await page.getByRole('heading', { name: `${name}@1.0.0` }).waitFor();
    expect(await page.getByRole('tab', { name: 'Lineage' }).getAttribute('aria-selected')).toBe('true');
  });

  it('says which role a step needs to whoever lacks it', { timeout: minutes }, async () => {
    const { token } = await home.call('tokens.create', { name: 'trainer', role: 'trainer' });
    await page.context().setExtraHTTPHeaders({ authorization: `Bearer ${token}` });
    await go(`/registry/${name}/1.0.0`);
    await page.reload();
    await button('Approve …').click();
    await dialog().getByRole('textbox', { name: 'Why it may be used' }).fill('I like it.');
    await button('Approve', dialog()).click();
    await dialog().getByRole('alert').getByText('deployer').first().waitFor();
    expect(await home.call('registry.get', { name, version: '1.0.0' })).toMatchObject({ state: 'candidate' });
    await page.context().setExtraHTTPHeaders({});
  });

  it('removes a draft, having said what goes', { timeout: minutes }, async () => {
    await home.call('registry.setState', { name, version: '1.0.0', state: 'draft' });
    await go(`/registry/${name}/1.0.0`);
    await page.reload();
    await button('More').click();
    await page.getByRole('menuitem', { name: 'Remove …' }).click();
    await dialog().getByText('The run it was made from stays.').waitFor();
    await button('Remove', dialog()).click();
    await page.getByRole('heading', { name: 'Registry' }).waitFor();
    await page.getByRole('row', { name: `${name}@1.0.0` }).waitFor({ state: 'detached' });
    expect((await home.call('registry.list', { name })).versions.map(({ version }) => version)).toEqual(['1.1.0']);
  });
});
