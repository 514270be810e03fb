/** The whole way in the window: the demo is trained, scored, approved, deployed to this machine, asked through its endpoint, and taken back. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../../main/app/electron-runtime.js';
import { askAt, deployVersion, namesAt, rollBack } from '../flows/deployment.ts';
import { approve } from '../flows/first-hour.ts';
import { AppUnderTest, setStage } from '../support/app-under-test.ts';
import { electronForTests } from '../support/electron-for-tests.ts';
import { freePort } from '../../support/localai-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const runtime = electronForTests();
const folder = temporaryFolder();
const minutes = 60_000;
const version = 'lathe-demo@1.0.0';
const alias = 'mail-sorter';

describe('in the window', () => {
  it('the demo comes from a click to an endpoint and back', { timeout: 5 * minutes }, async (context) => {
    if ('why' in runtime) return context.skip(runtime.why);
    const stage = await setStage(runtime.folder);
    const home = join(folder, 'home');
    const app = await AppUnderTest.start(stage, home);
    try {
      const page = await app.page();
      page.setDefaultTimeout(2 * minutes);
      cpSync(join(projectRoot, 'resources', 'benchmarks', 'samples'), join(home, 'benchmarks'), { recursive: true });
      await train(page);
      await score(page);
      await go(page, '/registry/lathe-demo/1.0.0');
      await approve(page);
      const endpoint = await useThisMachine(page);
      await go(page, '/registry/lathe-demo/1.0.0');
      await deployVersion(page, { version, target: 'this-machine', alias });
      expect(await sidewaysBar(page)).toBe(0);
      await askAt(endpoint, alias);
      await rollBack(page, 'It was only tried.');
      expect(await namesAt(endpoint)).not.toContain(alias);
      const { servings } = await app.call('deployments.history', { alias });
      expect(servings).toMatchObject([{ name: 'lathe-demo', version: '1.0.0', to: expect.any(String) as string }]);
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

async function train(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run the demo' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'lathe-demo' }).waitFor();
  await page.getByText('Done', { exact: true }).waitFor();
}

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
