/** The whole way in the window: the first hour from the demo to an export; then its version is scored, deployed to this machine, asked through its endpoint, and taken back. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../../main/app/electron-runtime.js';
import { askAt, deployVersion, namesAt, rollBack } from '../flows/deployment.ts';
import { approve, compare, demoRun, exportVersion, secondVersion } from '../flows/first-hour.ts';
import { AppUnderTest, setStage } from '../support/app-under-test.ts';
import { electronForTests } from '../support/electron-for-tests.ts';
import { freePort } from '../../support/localai-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const runtime = electronForTests();
const folder = temporaryFolder();
const minutes = 60_000;
const version = 'lathe-demo@1.0.1';
const alias = 'mail-sorter';

describe('in the window', () => {
  it('the demo comes from a click to an endpoint and back', { timeout: 6 * minutes }, async (context) => {
    if ('why' in runtime) return context.skip(runtime.why);
    const stage = await setStage(runtime.folder);
    const home = join(folder, 'home');
    const app = await AppUnderTest.start(stage, home);
    try {
      const page = await app.page();
      page.setDefaultTimeout(2 * minutes);
      cpSync(join(projectRoot, 'resources', 'benchmarks', 'samples'), join(home, 'benchmarks'), { recursive: true });
      await demoRun(page);
      await secondVersion(page);
      await approve(page);
      await compare(page);
      await exportVersion(page, async (dialog, path) => {
        // The system's dialog cannot be driven; what it gives can.
        await app.app.evaluate(({ dialog: system }, filePath) => {
          system.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
        }, path);
        await dialog.getByRole('button', { name: 'Browse' }).click();
        await expect.poll(() => dialog.getByRole('textbox', { name: 'Folder' }).inputValue()).toBe(path);
      });
      await score(page);
      const endpoint = await useThisMachine(page);
      await go(page, '/registry/lathe-demo/1.0.1');
      await deployVersion(page, { version, target: 'this-machine', alias });
      expect(await sidewaysBar(page)).toBe(0);
      await askAt(endpoint, alias);
      await rollBack(page, 'It was only tried.');
      expect(await namesAt(endpoint)).not.toContain(alias);
      const { servings } = await app.call('deployments.history', { alias });
      expect(servings).toMatchObject([{ name: 'lathe-demo', version: '1.0.1', to: expect.any(String) as string }]);
      await app.close();
    } finally {
      await app.kill();
      stage.close();
    }
  });
});

/** Height of a bar to scroll sideways by, which browsers without a window do not show. */
const sidewaysBar = (page: Page): Promise<number> => page.locator('main').evaluate((main) => (main as HTMLElement).offsetHeight - main.clientHeight);

const go = (page: Page, address: string): Promise<void> =>
  page.evaluate((hash) => {
    location.hash = hash;
  }, `#${address}`);

/** The version and its base, so that there is something to compare with. */
async function score(page: Page): Promise<void> {
  await go(page, `/benchmarks/new?models=${version}`);
  await page.getByRole('button', { name: 'Score it too' }).click();
  await page.getByText('ARC easy', { exact: true }).click();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: / on arc_easy$/ }).waitFor();
  await page.locator('header').getByText('Done', { exact: true }).waitFor();
}

/** Returns the address that programs ask. */
async function useThisMachine(page: Page): Promise<string> {
  const port = await freePort();
  await go(page, '/deploy');
  await page.getByRole('link', { name: 'Use this machine' }).click();
  await page.getByRole('textbox', { name: 'Port' }).fill(String(port));
  await page.getByRole('button', { name: 'Save the target' }).click();
  await page.getByRole('row', { name: /this-machine/ }).waitFor();
  return `http://127.0.0.1:${port}/v1`;
}
