/** A Chromium of this machine; the tests that need it are skipped, with the reason, where there is none. */
import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const places = [process.env['LATHE_CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export const chromiumPath = places.find((path): path is string => path !== undefined && existsSync(path));

/** null: it can run. */
export const whyNoBrowser = chromiumPath === undefined ? 'SKIPPED: no Chromium (apt-get install chromium, or LATHE_CHROMIUM)' : null;

export const launchBrowser = (): Promise<Browser> =>
  // Its sandbox needs another user than root.
  chromium.launch({ executablePath: chromiumPath ?? '', args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });

export interface OpenedPage {
  readonly page: Page;
  /** What the page complained about: exceptions, console errors, breaches of the content policy. */
  readonly complaints: readonly string[];
}

export async function openPage(browser: Browser, login: string, options: BrowserContextOptions = {}): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(login);
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
  return { page, complaints };
}
