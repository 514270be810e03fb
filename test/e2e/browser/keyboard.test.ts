/** Every step from nothing to an approved and exported version, its score and its deployment by keys alone: the mouse is never touched, and what has the focus can be seen. */
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../support/localai-server.ts';
import { launchBrowser, openPage, whyNoBrowser } from '../support/browser.ts';
import { serve, type Served } from '../support/serve.ts';

const minute = 60_000;
const mostStops = 80;
const samples = join(import.meta.dirname, '..', '..', '..', 'resources', 'benchmarks', 'samples');

describe.skipIf(whyNoBrowser !== null)(`by keys alone ${whyNoBrowser ?? ''}`, { timeout: 6 * minute }, () => {
  let served: Served | undefined;
  let browser: Browser | undefined;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), 'lathe-keys-'));

  beforeAll(async () => {
    [served, browser] = await Promise.all([serve(), launchBrowser()]);
    ({ page } = await openPage(browser, served.login));
    page.setDefaultTimeout(minute);
  }, 3 * minute);

  afterAll(async () => {
    await browser?.close();
    await served?.end();
    rmSync(folder, { recursive: true });
  }, minute);

  /** Presses Tab until what has the focus is called so. */
  const tabTo = async (name: RegExp): Promise<void> => {
    const seen: string[] = [];
    for (let stop = 0; stop < mostStops; stop += 1) {
      await page.keyboard.press('Tab');
      const called = await page.evaluate(nameOfFocus);
      if (name.test(called)) return;
      seen.push(called);
    }
    throw new Error(`nothing called ${String(name)} can be reached; there are ${seen.join(' | ')}`);
  };
  const press = async (name: RegExp): Promise<void> => {
    await tabTo(name);
    await page.keyboard.press('Enter');
  };
  /** Into a field that holds something. */
  const write = async (name: RegExp, text: string): Promise<void> => {
    await tabTo(name);
    await page.keyboard.press('Control+A');
    await page.keyboard.type(text);
  };
  const choose = async (name: RegExp): Promise<void> => {
    await tabTo(name);
    await page.keyboard.press('Space');
  };
  const heading = (name: string | RegExp): Promise<void> => page.getByRole('heading', { level: 1, name }).waitFor();

  it('from the demo to an export', async () => {
    await press(/^Run the demo$/);
    await heading('lathe-demo');
    await page.getByRole('img', { name: /^Loss over \d/ }).waitFor();
    await press(/^Pause$/);
    await page.getByText('Paused', { exact: true }).waitFor();
    await press(/^Go on$/);
    await page.getByText('Running', { exact: true }).waitFor();
    await press(/^Stop$/);
    await page.getByRole('dialog').waitFor();
    await press(/^Stop$/);
    await page.getByText('Stopped', { exact: true }).waitFor();
    await press(/^Resume$/);
    await page.getByText('Done', { exact: true }).waitFor({ timeout: 4 * minute });

    await press(/^Make a version$/);
    await heading('New version');
    await tabTo(/^Name/);
    await page.keyboard.type('by-keys');
    await press(/^Make the version$/);
    await heading('by-keys@1.0.0');

    await press(/^Make it a candidate/);
    await page.getByRole('dialog').waitFor();
    await press(/^Make it a candidate/);
    await page.getByText('Candidate', { exact: true }).waitFor();
    await press(/^Approve/);
    await page.getByRole('dialog').waitFor();
    await tabTo(/^Why it may be used/);
    await page.keyboard.type('Reached without a mouse.');
    await press(/^Approve/);
    await page.getByText('Approved', { exact: true }).waitFor();

    await press(/^Export/);
    await page.getByRole('dialog').waitFor();
    await tabTo(/^Folder/);
    await page.keyboard.type(join(folder, 'out'));
    await press(/^Export$/);
    await page.getByRole('dialog').getByText('Written to').waitFor();
    expect(readdirSync(join(folder, 'out'))).toContain('adapter_model.safetensors');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('to a score', async () => {
    cpSync(samples, join(String(served?.home), 'benchmarks'), { recursive: true });
    await press(/^Benchmarks$/);
    await press(/^New benchmark$/);
    await heading('New benchmark');
    await choose(/^by-keys@1\.0\.0/);
    await choose(/^ARC easy/);
    await page.getByText(/^Makes 1 score: /).waitFor();
    await press(/^Start$/);
    await heading(/^by-keys@1\.0\.0 on arc_easy$/);
    await page.locator('header').getByText('Done', { exact: true }).waitFor();
  });

  it('to this machine and back', async () => {
    await press(/^Deploy$/);
    await press(/^Use this machine$/);
    await heading('New target');
    await write(/^Port/, String(await freePort()));
    await press(/^Save the target$/);
    await page.getByRole('row', { name: /this-machine/ }).waitFor();

    await press(/^Deploy here$/);
    await heading('Deploy a version');
    await choose(/^(Version|Choose one)|by-keys@1\.0\.0/);
    await page.getByRole('option', { name: /^by-keys@1\.0\.0/ }).waitFor();
    await page.keyboard.type('by-keys');
    await page.keyboard.press('Enter');
    await write(/^Name it answers under/, 'bot');
    await press(/^Settings/);
    await write(/^Watch after each step/, '1s');
    await write(/^Look every/, '500ms');
    await press(/^Deploy by-keys@1\.0\.0 to this-machine$/);
    await heading('by-keys@1.0.0');
    await page.getByText('The new version answers.').waitFor();

    await press(/^Roll back …$/);
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('It was only tried.');
    await press(/^Roll back$/);
    await page.getByText('Nobody answers as bot, as it was before.').waitFor();
  });

  it('shows what has the focus', async () => {
    await page.goto(`${String(served?.url)}/#/runs`);
    await heading('Runs');
    for (let stop = 0; stop < 20; stop += 1) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(isFocusSeen), await page.evaluate(nameOfFocus)).toBe(true);
    }
  });
});

/** Runs in the page: what a screen reader would begin with, as far as it can be told from here. */
function nameOfFocus(): string {
  const focused = document.activeElement;
  if (focused === null) return '';
  const labelled = (focused.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '');
  const label = focused instanceof HTMLInputElement || focused instanceof HTMLTextAreaElement ? (focused.labels?.[0]?.textContent ?? '') : '';
  return [focused.getAttribute('aria-label') ?? '', label, ...labelled, focused.textContent].find((each) => each.trim() !== '')?.trim() ?? focused.tagName;
}

/** Runs in the page: an outline, of itself or of what stands for it. */
function isFocusSeen(): boolean {
  const focused = document.activeElement;
  if (focused === null || focused === document.body) return true;
  const around = [focused, focused.parentElement, focused.nextElementSibling, focused.closest('[data-focus-visible]')];
  return around.some((each) => {
    if (each === null) return false;
    const { outlineStyle, outlineWidth } = getComputedStyle(each);
    return outlineStyle !== 'none' && outlineWidth !== '0px';
  });
}
