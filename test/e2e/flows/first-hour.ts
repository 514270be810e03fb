/** What somebody does in the first hour, in the window or in a browser: demo, stop, resume, approve, compare, export. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

const minute = 60_000;

/** Starts the demo, sees its curve move, stops it and lets it come to its end. Leaves the page on the run. */
export async function demoRun(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run the demo' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'lathe-demo' }).waitFor();
  const curve = page.getByRole('img', { name: /^Loss over \d/ });
  const stepsShown = async (): Promise<number> =>
    Number(/over ([\d,]+) steps/.exec((await curve.getAttribute('aria-label')) ?? '')?.[1]?.replaceAll(',', '') ?? 0);
  await curve.waitFor({ timeout: minute });
  const before = await stepsShown();
  await expect.poll(stepsShown, { timeout: minute }).toBeGreaterThan(before);

  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click();
  await page.getByText('Stopped', { exact: true }).waitFor({ timeout: minute });
  const stopped = await stepsShown();
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByText('Done', { exact: true }).waitFor({ timeout: 4 * minute });
  expect(await stepsShown()).toBeGreaterThan(stopped);
}

/** From the run's page: a second version of it beside the one that the demo made by itself. */
export async function secondVersion(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Make a version' }).click();
  const name = page.getByRole('combobox', { name: 'Name' }).or(page.getByRole('textbox', { name: 'Name', exact: true }));
  await name.first().fill('lathe-demo');
  await page.getByRole('textbox', { name: 'Description' }).fill('The same run under a second number.');
  await page.getByRole('button', { name: 'Make the version' }).click();
  await page.getByRole('heading', { level: 1, name: 'lathe-demo@1.0.1' }).waitFor({ timeout: minute });
}

/** On a draft's page: a candidate, then approved, for a reason. */
export async function approve(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Make it a candidate …' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Make it a candidate' }).click();
  await page.getByText('Candidate', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Approve …' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Approve', exact: true }).click();
  await dialog.getByText('An approval needs a reason.').waitFor();
  await dialog.getByRole('textbox', { name: 'Why it may be used' }).fill('It sorts the mails of the test set.');
  await dialog.getByRole('button', { name: 'Approve', exact: true }).click();
  await page.getByText('Approved', { exact: true }).waitFor({ timeout: minute });
}

export async function compare(page: Page): Promise<void> {
  await page.evaluate(() => {
    location.hash = '#/registry/compare?a=lathe-demo@1.0.0&b=lathe-demo@1.0.1';
  });
  await page.getByRole('heading', { level: 1, name: 'Versions compared' }).waitFor();
  await page.getByText(/Same in both: \d+ fields/).waitFor();
}

const writeFolder = async (dialog: Locator, path: string): Promise<void> => dialog.getByRole('textbox', { name: 'Folder' }).fill(path);

/** Into a folder of its own, which is removed. `give`: how the dialog learns of it. */
export async function exportVersion(page: Page, give: (dialog: Locator, path: string) => Promise<void> = writeFolder): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lathe-export-'));
  try {
    await page.evaluate(() => {
      location.hash = '#/registry/lathe-demo/1.0.1';
    });
    await page.getByRole('button', { name: 'Export …' }).click();
    const dialog = page.getByRole('dialog');
    await give(dialog, join(folder, 'out'));
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await dialog.getByText('Written to').waitFor({ timeout: minute });
    expect(existsSync(join(folder, 'out', 'adapter_model.safetensors'))).toBe(true);
    expect(readdirSync(join(folder, 'out'))).toContain('README.md');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
