/** The shelves in a browser: what comes with Lathe at one press, files that are looked into before they come there, and what is in use is kept from being lost. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage, whyNoBrowser } from '../support/browser.ts';
import { callHost, trainWhole, type CallHost } from '../support/call-host.ts';
import { serve, type Served } from '../support/serve.ts';

const minute = 60_000;

describe.skipIf(whyNoBrowser !== null)(`the shelves ${whyNoBrowser ?? ''}`, { timeout: 2 * minute }, () => {
  let served: Served;
  let call: CallHost;
  let browser: Browser | undefined;
  let page: Page;
  let complaints: readonly string[];
  const folder = mkdtempSync(join(tmpdir(), 'lathe-shelf-'));
  const file = (name: string, lines: readonly string[]): string => {
    const path = join(folder, name);
    writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
    return path;
  };
  const row = (prompt: string, completion: string): string => JSON.stringify({ prompt, completion });

  beforeAll(async () => {
    served = await serve();
    call = callHost(served);
    browser = await launchBrowser();
    ({ page, complaints } = await openPage(browser, served.login));
    page.setDefaultTimeout(minute / 2);
  }, 3 * minute);
  afterAll(async () => {
    await browser?.close();
    await served.end();
    rmSync(folder, { recursive: true });
  }, minute);

  const button = (label: string, within: Page | Locator = page): Locator => within.getByRole('button', { name: label, exact: true });
  const dialog = (): Locator => page.getByRole('dialog');
  const rowOf = (name: string): Locator => page.getByRole('row', { name, exact: true });
  const go = async (path: string, title: string): Promise<void> => {
    await page.goto(`${served.url}/#${path}`);
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
  };

  it('begin with what comes with Lathe', async () => {
    await go('/models', 'Models');
    await button('Add the model that comes with Lathe').click();
    expect(await rowOf('lathe-base-demo').innerText()).toMatch(/llama\s+1 M\s+f16[\s\S]+cc0-1\.0/);
    // Its own name is never given away.
    await button('Import a model').click();
    await dialog()
      .getByRole('textbox', { name: 'File or folder' })
      .fill((await call('models.list', {})).items[0]?.path ?? '');
    await expect.poll(() => dialog().getByRole('textbox', { name: 'Name' }).inputValue(), { timeout: minute }).toBe('lathe-base-2');
    await button('Cancel', dialog()).click();
    await go('/datasets', 'Data sets');
    await button('Add the rows that come with Lathe').click();
    expect(await rowOf('support-routing').innerText()).toContain('2,000');
    expect((await call('models.list', {})).items.map(({ is_copy }) => is_copy)).toEqual([false]);
  });

  it('give their names to what a new run is made of, by whatever path it was chosen', async () => {
    const [rows] = (await call('datasets.list', {})).items;
    const [model] = (await call('models.list', {})).items;
    await page.goto(`${served.url}/#/runs/new?data=${encodeURIComponent(rows?.path ?? '')}&model=${encodeURIComponent(model?.path ?? '')}`);
    const steps = page.getByRole('navigation', { name: 'Steps' });
    await steps.getByRole('button', { name: /^Model.*lathe-base-demo$/s }).waitFor();
    await steps.getByRole('button', { name: /^Data.*support-routing$/s }).click();
    const rowsToLearn = page.getByRole('radiogroup', { name: 'Which rows is it to learn from?' });
    expect(await rowsToLearn.getByRole('radio', { checked: true }).getAttribute('value')).toBe('support-routing');
    await go('/datasets', 'Data sets');
  });

  it('show what is wrong with rows, and where, before they are added', async () => {
    await button('Import a data set').click();
    const path = dialog().getByRole('textbox', { name: 'File with rows' });
    await path.fill('broken.jsonl');
    await dialog().getByText('Write the whole path').waitFor();
    await path.fill(file('broken.jsonl', [row('Where?', 'here'), row('When?', 'now'), '{"prompt": "How']));
    await dialog().getByText('It cannot be trained on as it stands.').waitFor();
    await dialog().getByRole('alert').getByText('line 3').waitFor();
    expect(await button('Add', dialog()).isDisabled()).toBe(true);
    await path.fill(file('odd.csv', ['frage,antwort', 'Wo?,Hier']));
    await dialog().getByRole('link', { name: 'Say it in a new run' }).waitFor();
    await path.fill(file('doubled.jsonl', [row('Where?', 'here'), row('Where?', 'here'), row('', ''), row('When?', 'now')]));
    const problems = dialog().getByRole('group', { name: 'Problems' });
    await problems.getByRole('row', { name: /^2 / }).waitFor();
    await problems.getByRole('row', { name: /^3 / }).waitFor();
    expect(await dialog().locator('ol mark').first().innerText()).toContain('here');
    await button('Cancel', dialog()).click();
    expect((await call('datasets.list', {})).items).toHaveLength(1);
  });

  it('take a file under the name that is proposed, or another that is free', async () => {
    const path = file('questions.jsonl', [row('Where?', 'here'), row('When?', 'now'), row('How?', 'so')]);
    await button('Import a data set').click();
    await dialog().getByRole('textbox', { name: 'File with rows' }).fill(path);
    const name = dialog().getByRole('textbox', { name: 'Name' });
    await name.waitFor();
    expect(await name.inputValue()).toBe('questions');
    await name.fill('support-routing');
    await dialog().getByText('There is one called that already.').waitFor();
    await name.fill('questions');
    await dialog().getByText('Copy the files').click();
    await button('Add', dialog()).click();
    await rowOf('questions').waitFor();
    await dialog().waitFor({ state: 'detached' });
    expect(await call('datasets.get', { name: 'questions' })).toMatchObject({ is_copy: true, facts: { rows: 3 } });
  });

  it('find what is looked for', async () => {
    await page.getByRole('searchbox', { name: 'Name of a data set' }).fill('quest');
    await rowOf('support-routing').waitFor({ state: 'detached' });
    await rowOf('questions').click();
    await page.getByRole('heading', { level: 1, name: 'questions' }).waitFor();
  });

  it('show a data set as a model sees it, and notice when its file changes', async () => {
    const preview = page.getByRole('group', { name: 'What the model sees' });
    await preview.getByText('Line 3').waitFor();
    expect(await preview.locator('mark').allInnerTexts()).toEqual([
      expect.stringContaining('here'),
      expect.stringContaining('now'),
      expect.stringContaining('so'),
    ]);
    await page.getByRole('img', { name: /Tokens a row, of 3 rows/ }).waitFor();
    await button('Check files again').click();
    await page.getByText('The files are as they were').waitFor();
    const { path } = await call('datasets.get', { name: 'questions' });
    const before = readFileSync(path);
    appendFileSync(path, `${row('Why?', 'because')}\n`);
    await button('Check files again').click();
    await page.getByText('The files are not what was added: its SHA-256 is').waitFor();
    writeFileSync(path, before);
  });

  it('say where something is used, and give it up only by force', async () => {
    const model = (await call('models.list', {})).items[0]?.name ?? '';
    await go(`/models/${model}`, model);
    await page.getByText('Nothing was made from it yet.').waitFor();
    const { demo } = await call('host.about', {});
    const config = { ...demo.config, model, data: { path: 'questions' }, training: { max_steps: 2, max_seq_length: 64 } };
    const run = await trainWhole(call, { name: 'tiny run', config });
    // It is told of while it is looked at.
    await page.getByRole('link', { name: 'tiny run' }).waitFor();
    await go('/datasets/questions', 'questions');
    await page.getByRole('link', { name: 'tiny run' }).waitFor();
    await button('More').click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await dialog().getByText('One run was made from it.').waitFor();
    await dialog().getByText('are deleted').waitFor();
    await button('Remove', dialog()).click();
    await dialog().getByText('It was not removed').waitFor();
    expect((await call('datasets.get', { name: 'questions' })).runs).toEqual([run]);
    await button('Remove it all the same', dialog()).click();
    await page.getByRole('heading', { level: 1, name: 'Data sets' }).waitFor();
    await rowOf('questions').waitFor({ state: 'detached' });
    expect((await call('datasets.list', {})).items.map((item) => item.name)).toEqual(['support-routing']);
  });

  it('follow what is added and removed elsewhere, and complain of nothing', async () => {
    const path = file('more.jsonl', [row('Where?', 'here'), row('When?', 'now')]);
    await call('datasets.add', { name: 'more', path });
    await rowOf('more').waitFor();
    await call('datasets.remove', { name: 'more' });
    await rowOf('more').waitFor({ state: 'detached' });
    // The refusal above is an answer of the host, which a browser counts as an error.
    expect(complaints.filter((text) => !text.includes('409'))).toEqual([]);
  });
});
