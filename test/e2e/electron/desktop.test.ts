import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../../main/app/electron-runtime.js';
import { AppUnderTest, setStage, until, type Stage } from '../support/app-under-test.ts';
import { askedOfSystem, clickNotification, clickTray, watchSystem } from '../support/asked-of-system.ts';
import { electronForTests } from '../support/electron-for-tests.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const runtime = electronForTests();
const folder = temporaryFolder();
const model = join(projectRoot, 'resources', 'models', 'lathe-base.gguf');
const rows = join(projectRoot, 'resources', 'datasets', 'support-routing', 'train.jsonl');
let homes = 0;

describe('on the desktop, the app', () => {
  let stage: Stage;
  const started: AppUnderTest[] = [];
  beforeAll(async () => {
    if ('folder' in runtime) stage = await setStage(runtime.folder);
  }, 180_000);
  afterEach(async () => {
    for (const app of started.splice(0)) await app.kill();
  });
  afterAll(() => {
    if ('folder' in runtime) stage.close();
  });

  const story = (name: string, test: (app: AppUnderTest, page: Page) => Promise<void>): void =>
    it(name, { timeout: 120_000 }, async (context) => {
      if ('why' in runtime) return context.skip(runtime.why);
      const app = await AppUnderTest.start(stage, join(folder, `home-${(homes += 1)}`));
      started.push(app);
      const page = await app.page();
      await page.getByRole('navigation', { name: 'Main' }).waitFor();
      await watchSystem(app.app);
      await test(app, page);
      await app.close();
    });
  const go = (page: Page, address: string): Promise<void> =>
    page.evaluate((hash) => {
      location.hash = hash;
    }, `#${address}`);
  const isAt = (page: Page, address: string): Promise<unknown> => page.waitForFunction((hash) => location.hash === hash, `#${address}`, { timeout: 10_000 });

  story('shows in the tray how far a run is, leads to it, holds the machine awake meanwhile, and tells its end', async (app, page) => {
    const run = await app.startRun(60);
    await app.untilRun(run, ({ state, step }) => state === 'running' && step > 0);
    const during = await until(async () => {
      const asked = await askedOfSystem(app.app);
      return asked.trayMenu.some((label) => / \d+ %$/.test(label)) ? asked : null;
    });
    expect(during.trayMenu).toEqual([expect.stringMatching(new RegExp(`^${run}: \\d+ %$`)), '-', 'Open Lathe', 'Quit']);
    expect(during.trayTitles.at(-1)).toMatch(new RegExp(`^Lathe: ${run}: \\d+ %$`));
    expect(during.blockers).toMatchObject([{ kind: 'prevent-app-suspension', isHeld: true }]);
    await clickTray(app.app, during.trayMenu[0] ?? '');
    await isAt(page, `/runs/${run}`);

    await app.untilRun(run, ({ state }) => state === 'done', 90_000);
    const after = await until(async () => {
      const asked = await askedOfSystem(app.app);
      return asked.notifications.length > 0 ? asked : null;
    });
    expect(after.notifications).toEqual([
      { title: `${run} finished`, body: expect.stringMatching(/^(Evaluation loss \d+\.\d{3} after|After) 60 steps\.$/) as string },
    ]);
    expect(after.blockers).toMatchObject([{ isHeld: false }]);
    expect({ title: after.trayTitles.at(-1), menu: after.trayMenu }).toEqual({ title: 'Lathe', menu: ['Open Lathe', 'Quit'] });
    await go(page, '/models');
    await clickNotification(app.app, 0);
    await isAt(page, `/runs/${run}`);
  });

  story('shows the run that the tray names in a new window where none is left', async (app, page) => {
    const run = await app.startRun(2_000);
    await app.untilRun(run, ({ step }) => step > 0);
    await page.close();
    const [label = ''] = (await askedOfSystem(app.app)).trayMenu;
    const opened = app.app.waitForEvent('window');
    await clickTray(app.app, label);
    await isAt(await opened, `/runs/${run}`);
    await app.kill();
  });

  story('takes a model and a file with rows that are dropped on its window', async (app, page) => {
    await go(page, '/runs/new?step=model');
    await drop(page, page.getByText('Which model is to learn?'), model);
    await page
      .getByRole('radio', { name: /lathe-base\.gguf/ })
      .and(page.locator(':checked'))
      .waitFor();
    await go(page, '/runs/new?step=data');
    await drop(page, page.getByText('Which rows is it to learn from?'), rows);
    await page
      .getByRole('radio', { name: /lathe-demo/ })
      .and(page.locator(':checked'))
      .waitFor();

    await go(page, '/datasets');
    await drop(page, page.getByText('No data set yet'), rows);
    await page.getByRole('dialog', { name: 'Import a data set' }).waitFor();
    expect(await page.getByRole('textbox', { name: 'File with rows' }).inputValue()).toBe(rows);
    // Beside them a file is dropped in vain, and the window does not leave its page.
    await go(page, '/settings');
    await drop(page, page.getByRole('heading', { level: 1 }), rows);
    expect(page.url()).toMatch(/^lathe-app:\/\/page\/index\.html#\/settings/);
    expect(app.app.windows()).toHaveLength(1);
  });

  story('asks for files by the dialogs of the system, and shows in the file manager what came out of them and what is its own', async (app, page) => {
    const asked = await app.app.evaluate(({ dialog }, path) => {
      const seen: { title?: string; properties?: string[]; message?: string; extensions?: string[] }[] = [];
      dialog.showMessageBox = ((_: unknown, { message, buttons }: { message: string; buttons: string[] }) => {
        seen.push({ message: `${message}: ${buttons.join(', ')}` });
        return Promise.resolve({ response: 0, checkboxChecked: false });
      }) as never;
      dialog.showOpenDialog = ((_: unknown, { title, properties, filters }: Electron.OpenDialogOptions) => {
        seen.push({
          title: title ?? '',
          properties: [...(properties ?? [])],
          ...(filters === undefined ? {} : { extensions: filters.flatMap(({ extensions }) => extensions) }),
        });
        return Promise.resolve({ canceled: false, filePaths: [path] });
      }) as never;
      Object.assign(globalThis, { latheDialogs: seen });
      return seen.length;
    }, model);
    expect(asked).toBe(0);
    const dialogs = (): Promise<unknown[]> => app.app.evaluate(() => (globalThis as unknown as { latheDialogs: unknown[] }).latheDialogs.splice(0));

    await go(page, '/runs/new?step=model');
    await page.getByRole('button', { name: 'A file or folder …' }).click();
    await page
      .getByRole('radio', { name: /lathe-base\.gguf/ })
      .and(page.locator(':checked'))
      .waitFor();
    expect(await dialogs()).toEqual([{ message: 'A File / A Folder: A File, A Folder, Cancel' }, { title: 'Choose a model', properties: ['openFile'] }]);

    await go(page, '/runs/new?step=data');
    await page.getByRole('button', { name: 'A file …' }).click();
    await until(async () => ((await page.getByRole('radio', { name: /lathe-base\.gguf/ }).count()) > 0 ? true : null));
    expect(await dialogs()).toMatchObject([
      { title: 'Choose a file with rows', properties: ['openFile'], extensions: expect.arrayContaining(['jsonl', 'parquet']) as string[] },
    ]);

    const elsewhere = join(folder, 'elsewhere.txt');
    writeFileSync(elsewhere, 'not chosen');
    await page.evaluate(
      async (paths) => {
        const { lathe } = window as unknown as { lathe: { showInFolder(path: string): Promise<void> } };
        for (const path of paths) await lathe.showInFolder(path);
      },
      [model, join(app.home, 'runs'), elsewhere, join(app.home, '..', 'elsewhere.txt'), 'runs'],
    );
    expect((await askedOfSystem(app.app)).shownInFolder).toEqual([model, join(app.home, 'runs')]);
    await go(page, '/settings/storage');
    await page.getByRole('button', { name: 'Show in folder' }).first().click();
    await until(async () => ((await askedOfSystem(app.app)).shownInFolder.length === 3 ? true : null));
    expect((await askedOfSystem(app.app)).shownInFolder[2]).toBe(app.home);
  });

  story('keeps a secret that is typed into its settings, and shows it to nobody', async (app, page) => {
    await go(page, '/settings/secrets');
    const set = async (fields: Readonly<Record<string, string>>): Promise<void> => {
      const dialog = page.getByRole('dialog', { name: 'Set a secret' });
      for (const [label, text] of Object.entries(fields)) await dialog.getByLabel(label, { exact: true }).fill(text);
      await dialog.getByRole('button', { name: 'Keep it' }).click();
    };
    await page.getByRole('button', { name: 'Set a secret' }).click();
    await set({ Name: 'hana', Secret: 'correct horse' });
    // No keyring is here, so it is asked for.
    await set({ Passphrase: 'long enough', 'Passphrase again': 'long enouhg' });
    await page.getByRole('dialog').getByText('The two passphrases differ.').waitFor();
    await set({ 'Passphrase again': 'long enough' });
    await page.getByRole('row', { name: /^hana/ }).waitFor();
    await page.getByRole('button', { name: 'Set a secret' }).click();
    await set({ Name: 'hub', Secret: 'battery staple', Passphrase: 'not that one' });
    await page.getByRole('dialog').getByText('The passphrase does not open the secrets').waitFor();
    await set({ Passphrase: 'long enough' });
    await page.getByRole('row', { name: /^hub/ }).waitFor();
    const kept = readFileSync(join(app.home, 'secrets.json'), 'utf8');
    expect(Object.keys((JSON.parse(kept) as { secrets: object }).secrets)).toEqual(['hana', 'hub']);
    const logs = readdirSync(join(app.home, 'logs')).filter((name) => name.endsWith('.log'));
    for (const text of [kept, await page.content(), ...logs.map((name) => readFileSync(join(app.home, 'logs', name), 'utf8'))])
      expect(text).not.toMatch(/correct horse|battery staple|long enough/);
    await page.getByRole('button', { name: 'Remove hub' }).click();
    await page.getByRole('alertdialog').or(page.getByRole('dialog')).getByRole('button', { name: 'Remove' }).click();
    await expect.poll(() => page.getByRole('row', { name: /^hub/ }).count()).toBe(0);
  });

  story('loads a page again whose process hangs before it is there', async (app) => {
    await app.app.evaluate(({ app: electron, Menu }) => {
      electron.once('web-contents-created', (_, contents) => {
        contents.once('did-navigate', () => process.kill(contents.getOSProcessId(), 'SIGSTOP'));
      });
      const items = Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => submenu?.items ?? []) ?? [];
      items.find(({ label }) => label === 'New Window')?.click();
    });
    const log = (): string => readFileSync(join(app.home, 'logs', readdirSync(join(app.home, 'logs')).find((name) => name.endsWith('.log')) ?? ''), 'utf8');
    await until(() => Promise.resolve(log().includes('it was not there after 10 s') ? true : null), 30_000);
    await until(() =>
      app.app.evaluate(async ({ BrowserWindow }) => {
        const [, second] = BrowserWindow.getAllWindows().toSorted((a, b) => a.id - b.id);
        const answer = (await second?.webContents.executeJavaScript("lathe.call('host.status', {})")) as { ok: boolean } | undefined;
        return answer?.ok === true ? true : null;
      }),
    );
  });
});

/** As the system does it: over the page, and let go. */
async function drop(page: Page, on: Locator, path: string): Promise<void> {
  // A page that is just being left has it for a moment too.
  const box = await until(() => on.first().boundingBox({ timeout: 5_000 }));
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2, data };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await session.send('Input.dispatchDragEvent', { type, ...at });
  await session.detach();
}
