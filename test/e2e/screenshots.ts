/** Takes pictures of every view, in both themes and two sizes, into build/screenshots: `npm run screenshots`. To be looked at, not compared. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser, openPage, whyNoBrowser } from './support/browser.ts';
import { filledHome } from './support/filled-home.ts';
import { addressOf, views } from './views.ts';

const folder = join(import.meta.dirname, '..', '..', 'build', 'screenshots');
const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];
const settleMs = 700;

if (whyNoBrowser !== null) throw new Error(whyNoBrowser);
mkdirSync(folder, { recursive: true });
const home = await filledHome({ deploys: true });
const browser = await launchBrowser();
try {
  const { page } = await openPage(browser, home.login);
  for (const theme of ['light', 'dark'])
    for (const view of views) {
      await page.evaluate((chosen) => localStorage.setItem('lathe.theme', chosen), theme);
      await page.goto(`${home.url}${addressOf(view, home.subjects)}`);
      await page.reload();
      await page.locator('h1').waitFor();
      await expectQuiet(page);
      for (const size of sizes) {
        await page.setViewportSize(size);
        await page.waitForTimeout(settleMs);
        const path = join(folder, `${view.name}-${theme}-${size.width}.png`);
        await page.screenshot({ path });
        process.stdout.write(`${path}\n`);
      }
    }
} finally {
  await browser.close();
  await home.end();
}

/** Some views plan or count first. */
async function expectQuiet(page: Page): Promise<void> {
  await page.waitForFunction(() => !document.body.innerText.includes('Loading …'), undefined, { timeout: 60_000 });
}
