/** New run, in a browser: from the demo's model and rows to a run that is done, by keyboard and mouse; and rows that cannot be trained on. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage, whyNoBrowser } from '../support/browser.ts';
import { serve, type Served } from '../support/serve.ts';

const minute = 60_000;

describe.skipIf(whyNoBrowser !== null)(`new run ${whyNoBrowser ?? ''}`, { timeout: 4 * minute }, () => {
  let served: Served;
  let browser: Browser;
  let page: Page;
  let complaints: readonly string[];
  const folder = mkdtempSync(join(tmpdir(), 'lathe-rows-'));

  beforeAll(async () => {
    [served, browser] = await Promise.all([serve(), launchBrowser()]);
    ({ page, complaints } = await openPage(browser, served.login));
    page.setDefaultTimeout(minute);
  }, 3 * minute);

  afterAll(async () => {
    await browser.close();
    await served.end();
    rmSync(folder, { recursive: true });
  }, minute);

  const next = (step: string): Promise<void> => page.getByRole('button', { name: `On to: ${step}` }).click();
  const open = async (): Promise<void> => {
    await page.goto(`${served.url}/#/runs/new`);
    await page.getByRole('heading', { name: 'New run' }).waitFor();
  };

  it('leads from a model and rows to a run that is done', async () => {
    await page.getByRole('link', { name: 'New run' }).first().click();
    await page.getByRole('radio', { name: /lathe-base/ }).focus();
    await page.keyboard.press('Space');
    await page.getByText('Architecture').waitFor();
    await next('Data');

    await page.getByText('lathe-demo').click();
    await page.getByText('Line 1', { exact: true }).waitFor();
    const preview = page.getByRole('group', { name: 'What the model sees' });
    expect(await preview.locator('mark').first().innerText()).toContain('"queue"');
    expect(await preview.locator('mark').first().innerText()).not.toContain('Route this ticket');
    await page.getByRole('img', { name: /Tokens a row, of 2,000 rows/ }).waitFor();
    await next('Recipe');

    await page.getByText('Of the demo').click();
    const most = page.getByRole('textbox', { name: 'Steps at most' });
    await most.fill('0');
    await page.getByText('Must be at least 1, not 0.').waitFor();
    await most.fill('3');
    await page.getByRole('tab', { name: 'YAML' }).click();
    const yaml = page.getByRole('textbox', { name: 'Configuration' });
    expect(await yaml.inputValue()).toContain('max_steps: 3');
    await yaml.fill(`${await yaml.inputValue()}logging:\n  volume: 11\n`);
    await page.getByText('There is no setting logging.volume.').waitFor();
    await yaml.fill((await yaml.inputValue()).replace('volume: 11', 'level: debug'));
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByRole('button', { name: /Logs and profiles/ }).click();
    await page.getByRole('button', { name: 'default info: set Log level back to it' }).click();
    await next('Check');

    await page.getByText(/It fits/).waitFor();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Three steps');
    await page.getByText('Make a version when it is done').click();
    await page.getByText('It will be three-steps@1.0.0.').waitFor();
    const start = page.getByRole('button', { name: 'Start', exact: true });
    await start.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Three steps' }).waitFor();
    await page.getByText('Done', { exact: true }).waitFor();
    expect(page.url()).toMatch(/#\/runs\/\d/);
    expect(complaints).toEqual([]);
  });

  it('takes a run’s configuration over for another one', async () => {
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Duplicate' }).click();
    await page.getByText(/It fits/).waitFor();
    await page.getByRole('button', { name: /^Recipe/ }).click();
    expect(await page.getByRole('textbox', { name: 'Steps at most' }).inputValue()).toBe('3');
    await page.getByRole('button', { name: 'Start over' }).click();
    await page.getByRole('radio', { name: /lathe-base/ }).waitFor();
    expect(await page.getByRole('radio', { name: /lathe-base/ }).isChecked()).toBe(false);
  });

  it('names what is wrong with rows by their lines, and starts nothing', async () => {
    const broken = join(folder, 'broken.jsonl');
    const rows = Array.from({ length: 200 }, (_, row) => JSON.stringify({ prompt: `Question ${row}`, completion: row === 1 ? '' : 'Answer' }));
    writeFileSync(broken, rows.with(149, 'not json').join('\n'));
    await open();
    await page.getByText('lathe-base.gguf').first().click();
    await next('Data');
    await page.getByRole('button', { name: 'A file …' }).click();
    await page.getByRole('textbox', { name: 'Path on the machine that Lathe runs on' }).fill(folder);
    await page.keyboard.press('Enter');
    await page.getByRole('rowheader', { name: 'broken.jsonl' }).click();
    await page.getByRole('button', { name: 'Choose', exact: true }).click();
    await page.getByText('It cannot be trained on as it stands.').waitFor();
    expect(await page.getByRole('alert').innerText()).toContain('line 150');
    expect(await page.getByRole('row', { name: /the row is empty/ }).innerText()).toMatch(/^2\s/);
    await page.getByRole('button', { name: /^Data\b.*something to correct/ }).waitFor();
    await next('Recipe');
    await next('Check');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').innerText()).toContain('line 150');
    expect(await page.getByRole('button', { name: 'Start', exact: true }).isDisabled()).toBe(true);
  });

  it('follows a mapping of columns that is not to be found out', async () => {
    const strange = join(folder, 'strange.jsonl');
    writeFileSync(strange, '{"head":"What is a lathe?","tail":"A machine that turns."}\n{"head":"Who turns?","tail":"The work."}\n');
    await page.goto(`${served.url}/#/runs/new?data=${encodeURIComponent(strange)}`);
    await page.getByText('It cannot be trained on as it stands.').waitFor();
    await page.getByRole('button', { name: /Layout/ }).click();
    await page.getByRole('option', { name: 'Prompt and completion' }).click();
    await page
      .getByRole('button', { name: /^none Prompt|^Prompt|Prompt$/ })
      .last()
      .click();
    await page.getByRole('option', { name: 'head' }).click();
    await page.getByText('Choose a column for every part').waitFor();
    await page
      .getByRole('button', { name: /Completion$/ })
      .last()
      .click();
    await page.getByRole('option', { name: 'tail' }).click();
    await page.getByText('Line 1', { exact: true }).waitFor();
    expect(await page.locator('mark', { hasText: 'A machine that turns.' }).count()).toBe(1);
    expect(complaints).toEqual([]);
  });
});
