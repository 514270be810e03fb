/** Benchmarks in a browser: a base and what was made of it are scored, watched, compared, and followed down to the items; the gate has its say. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage, whyNoBrowser } from '../support/browser.ts';
import { filledHome, type FilledHome } from '../support/filled-home.ts';

const minutes = 60_000;
const count = 600;
const version = 'support-routing@1.0.0';

/** Enough of them that their scoring can be watched. */
function writeItems(folder: string): void {
  const nouns = ['cat', 'dog', 'sky', 'bee', 'river', 'lamp'];
  const rows = Array.from({ length: count }, (_, index) => {
    const text = nouns.slice(index % 3, (index % 3) + 3).map((noun) => `the ${noun} of house ${index}`);
    return { id: `item-${index}`, question: `Which of these is number ${index}?`, choices: { text, label: ['A', 'B', 'C'] }, answerKey: 'ABC'[index % 3] };
  });
  writeFileSync(join(folder, 'arc_easy.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}

describe.skipIf(whyNoBrowser !== null)(`benchmarks ${whyNoBrowser ?? ''}`, () => {
  let home: FilledHome;
  let browser: Browser | undefined;
  let page: Page;
  let complaints: readonly string[];
  beforeAll(async () => {
    home = await filledHome();
    writeItems(join(home.home, 'benchmarks'));
    rmSync(join(home.home, 'benchmarks', 'boolq.jsonl'));
    browser = await launchBrowser();
    ({ page, complaints } = await openPage(browser, home.login));
    page.setDefaultTimeout(minutes);
  }, 5 * minutes);
  afterAll(async () => {
    await browser?.close();
    await home.end();
  });

  const go = (path: string): Promise<unknown> => page.goto(`${home.url}/#${path}`);
  const button = (label: string, within: Page | Locator = page): Locator => within.getByRole('button', { name: label, exact: true });
  const heading = (name: string | RegExp): Promise<void> => page.getByRole('heading', { level: 1, name }).waitFor();
  const dialog = (): Locator => page.getByRole('dialog');

  it('says where items come from, and which are here', async () => {
    await go('/benchmarks');
    await button('Where the items come from The items of 6 of 7 tasks are here.').click();
    await page.getByRole('row', { name: /^BoolQ Missing .*boolq\.jsonl/ }).waitFor();
    await page.getByRole('row', { name: /^ARC easy Here/ }).waitFor();
  });

  it('starts what was chosen, its base with it, and shows it going on', { timeout: 3 * minutes }, async () => {
    await go(`/benchmarks/new?models=${version}`);
    await page.getByText('Choose at least one task.').waitFor();
    expect(await button('Start').isDisabled()).toBe(true);
    await button('Score it too').click();
    await page.getByText('ARC easy', { exact: true }).click();
    await page.getByRole('textbox', { name: 'Items' }).fill('2e9x');
    await page.getByText('Must be a number').waitFor();
    await page.getByRole('textbox', { name: 'Items' }).fill('');
    await page.getByText('Makes 2 scores: 2 models on 1 task, no examples, all items.').waitFor();
    await button('Start').click();
    await heading(/ on arc_easy$/);
    await page.getByRole('progressbar', { name: 'arc_easy' }).first().waitFor();
    await page
      .locator('header')
      .getByText('Done', { exact: true })
      .waitFor({ timeout: 2 * minutes });
    const { runs } = await home.call('benchmarks.list', {});
    expect(runs[0]).toMatchObject({ state: 'done', done: 2, total: 2 });
  });

  it('stops what is at work, and goes on with it', { timeout: 3 * minutes }, async () => {
    const again = page.getByRole('menuitem', { name: 'The same again' });
    await button('More').click();
    await again.click();
    await heading('New benchmark');
    await page.getByRole('textbox', { name: 'Items' }).fill('500');
    await button('Start').click();
    await button('Stop').click();
    await button('Stop', dialog()).click();
    await page.locator('header').getByText('Stopped', { exact: true }).waitFor();
    await button('Go on').click();
    await page
      .locator('header')
      .getByText('Done', { exact: true })
      .waitFor({ timeout: 2 * minutes });
  });

  it('compares the base and what was made of it, chosen by keyboard in the matrix', { timeout: 2 * minutes }, async () => {
    await go('/benchmarks');
    await page.getByRole('button', { name: /first 500 items/ }).click();
    await page.getByRole('option', { name: 'no examples, all items' }).click();
    const cells = page.getByRole('grid', { name: 'Scores' }).getByRole('button', { name: / on arc_easy: / });
    await cells.first().waitFor();
    expect(await cells.count()).toBe(2);
    await page.getByRole('grid', { name: 'Scores' }).getByRole('row').nth(1).focus();
    // To the model's name, then to its first score.
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    await page.getByRole('link', { name: 'Look at the items' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await button('Compare').click();
    await heading('Scores compared');
    await page.getByText(`${version} on arc_easy: `).waitFor();
    await page.getByRole('img', { name: /^from .* to .* points$/ }).waitFor();
  });

  it('leads to what flipped, item beside item', { timeout: 2 * minutes }, async () => {
    const gained = page.getByRole('link', { name: /items came right with/ });
    const lost = page.getByRole('link', { name: /items went wrong with/ });
    const isThere = async (link: Locator): Promise<boolean> => !(await link.getAttribute('aria-label'))?.startsWith('0 ');
    await ((await isThere(gained)) ? gained : lost).click();
    await heading('What flipped');
    const item = page.getByRole('region', { name: 'The item' });
    await item.getByText('right answer').waitFor();
    await item.getByText(`${version}:`).first().waitFor();
    expect(await item.getByText('chosen', { exact: true }).count()).toBe(2);
  });

  it('finds items of a score by whether they were right, and by their text', { timeout: 2 * minutes }, async () => {
    const { scores } = await home.call('benchmarks.scores', { subject: version });
    const score = scores.find(({ total }) => total === count)?.score ?? '';
    await go(`/benchmarks/scores/${score}`);
    await page.getByText(`${count} items`, { exact: true }).waitFor();
    await page
      .getByRole('row', { name: /number 0\?/ })
      .first()
      .click();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('region', { name: 'Item item-1', exact: true }).waitFor();
    await page.getByRole('searchbox', { name: 'Text in the item' }).fill('number 599?');
    await page.getByText('1 item', { exact: true }).waitFor();
    await page.getByRole('region', { name: 'Item item-599', exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('reaches the end of a long list by scrolling through its pages', { timeout: 2 * minutes }, async () => {
    await page.getByRole('searchbox', { name: 'Text in the item' }).fill('');
    await page.getByText(`${count} items`, { exact: true }).waitFor();
    const rows = page.getByRole('grid', { name: `${version} on arc_easy` });
    await expect
      .poll(
        async () => {
          await rows.evaluate((list) => list.scrollTo({ top: list.scrollHeight }));
          return rows.getByRole('row', { name: /number 599\?/ }).count();
        },
        { timeout: minutes },
      )
      .toBe(1);
  });

  it('draws the trend of a name against its base', { timeout: minutes }, async () => {
    await page.getByRole('link', { name: 'Trend' }).click();
    await page.getByRole('img', { name: /^arc_easy, from / }).waitFor();
    await page.getByText(/^Base .*: \d/).waitFor();
  });

  it('lets a version pass the gate only with a reason of its own where the rules are not met', { timeout: 2 * minutes }, async () => {
    await go('/settings/gate');
    await page.getByRole('combobox', { name: 'Benchmark' }).fill('arc_easy');
    await page.keyboard.press('Tab');
    await page.getByRole('textbox', { name: 'Accuracy at least' }).fill('99');
    await page.getByText('Must be at most 1, not 99.').waitFor();
    await page.getByRole('textbox', { name: 'Accuracy at least' }).fill('0.99');
    await button('Save the rules').click();
    await page.getByText('The rules are saved').waitFor();
    expect(await home.call('gates.get', {})).toMatchObject({ gates: { min_accuracy: 0.99, benchmark: 'arc_easy' } });

    await go(`/registry/${version.replace('@', '/')}`);
    await page
      .getByRole('group', { name: 'Benchmarks' })
      .getByRole('row', { name: /^arc_easy/ })
      .first()
      .waitFor();
    await button('Approve …').click();
    await dialog().getByText('The gate’s rules are not met.').waitFor();
    await button('Approve against the gate', dialog()).click();
    await dialog().getByText('Going against the gate needs a reason.').waitFor();
    await dialog().getByRole('textbox', { name: 'Why it goes against the gate' }).fill('It is a test of the gate.');
    await button('Approve against the gate', dialog()).click();
    await page.locator('header').getByText('Approved', { exact: true }).waitFor();
    const { states } = await home.call('registry.get', { name: 'support-routing' });
    expect(states.at(-1)).toMatchObject({ state: 'approved', reason: 'It is a test of the gate.' });
  });
});
