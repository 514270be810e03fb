import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../../main/app/electron-runtime.js';
import { AppUnderTest, setStage, type Stage } from '../support/app-under-test.ts';
import { electronForTests } from '../support/electron-for-tests.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const runtime = electronForTests();
const folder = temporaryFolder();

describe('a page in the window', () => {
  let stage: Stage | undefined;
  let app: AppUnderTest;
  beforeAll(async () => {
    if ('why' in runtime) return;
    stage = await setStage(runtime.folder);
    app = await AppUnderTest.start(stage, join(folder, 'home'));
    await app.call('host.status', {});
  }, 180_000);
  afterAll(async () => {
    if (stage === undefined) return;
    await app.close();
    stage.close();
  });
  const rule = (name: string, test: () => Promise<void>): void =>
    it(name, async (context) => {
      if ('why' in runtime) return context.skip(runtime.why);
      await test();
    });

  rule('has the bridge of the contract, and nothing of Node or Electron', async () => {
    const page = await app.page();
    const found = await page.evaluate(() => {
      const world = globalThis as unknown as Record<string, unknown>;
      const { lathe } = world as { lathe: object };
      return {
        names: Object.keys(lathe).sort(),
        others: ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron'].filter((name) => name in world),
      };
    });
    expect(found.others).toEqual([]);
    expect(found.names).toEqual(
      [
        ...['call', 'onEvent', 'onConnection', 'onCommand', 'onOpenRun', 'chooseFiles', 'chooseTarget', 'pathOf'],
        ...['showInFolder', 'setTheme', 'sealSecret', 'versions', 'platform'],
      ].sort(),
    );
    expect(await app.answer('host.status', {})).toMatchObject({ ok: true, value: { kind: 'window' } });
    expect(await app.answer('nobody.knows', {})).toMatchObject({ ok: false, error: { code: 'CHANNEL_UNKNOWN' } });
    expect(await app.answer('runs.get', { run: 7 })).toMatchObject({ ok: false, error: { code: 'INPUT_INVALID' } });
  });

  rule('runs in a sandbox, isolated, without Node', async () => {
    const preferences = await app.app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> };
      const { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag } = contents.getLastWebPreferences();
      return { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag };
    });
    expect(preferences).toEqual({ sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true, webviewTag: false });
  });

  rule('loads no script, style, frame or picture but its own', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const page = await app.page();
    const seen = await page.evaluate(async (foreign) => {
      const violations = new Set<string>();
      document.addEventListener('securitypolicyviolation', (event) => violations.add(event.effectiveDirective));
      const add = (tag: string, attributes: Record<string, string>): void => {
        document.body.append(Object.assign(document.createElement(tag), attributes));
      };
      add('script', { textContent: 'window.wasRun = true' });
      add('script', { src: `${foreign}/script.js` });
      add('style', { textContent: 'body { display: none }' });
      add('img', { src: `${foreign}/picture.png` });
      add('iframe', { src: `${foreign}/frame.html` });
      const fetched = await fetch(`${foreign}/fetched`).then(
        () => 'fetched',
        () => 'refused',
      );
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { violations: [...violations].sort(), fetched, wasRun: 'wasRun' in window };
    }, address);
    server.close();
    expect(seen).toEqual({ violations: ['connect-src', 'frame-src', 'img-src', 'script-src-elem', 'style-src-elem'], fetched: 'refused', wasRun: false });
    expect(asked).toEqual([]);
  });

  rule('gets no file from outside its folder', async () => {
    const page = await app.page();
    const statuses = await page.evaluate(
      async (paths) => {
        const ask = (path: string): Promise<number> =>
          fetch(`lathe-app://page/${path}`).then(
            ({ status }) => status,
            () => 0,
          );
        return Promise.all(paths.map(ask));
      },
      ['index.html', '..%2f..%2fpackage.json', '%2e%2e/%2e%2e/package.json', '..%5c..%5cpackage.json', 'no-such.js', '%00.js'],
    );
    expect(statuses).toEqual([200, 404, 404, 404, 404, 404]);
  });

  rule('goes nowhere else, and opens no window', async () => {
    const page = await app.page();
    const before = page.url();
    const opened = await page.evaluate(() => {
      const other = window.open('https://example.org/');
      location.href = 'https://example.org/';
      return other === null;
    });
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
    expect({ opened, url: page.url(), windows: app.app.windows().length }).toEqual({ opened: true, url: before, windows: 1 });
  });

  rule('gets no permission and no device', async () => {
    const page = await app.page();
    const answers = await page.evaluate(async () => {
      const name = (error: unknown): string => (error as Error).name;
      const clipboard = await navigator.clipboard.readText().then(() => 'granted', name);
      const names = ['camera', 'microphone', 'geolocation', 'notifications'] as const;
      const states = await Promise.all(names.map((each) => navigator.permissions.query({ name: each }).then(({ state }) => state)));
      const place = await new Promise((resolve) =>
        navigator.geolocation.getCurrentPosition(
          () => resolve('granted'),
          ({ code }) => resolve(code),
        ),
      );
      return { clipboard, states, place, notification: await Notification.requestPermission() };
    });
    expect(answers).toEqual({ clipboard: 'NotAllowedError', states: ['denied', 'denied', 'denied', 'denied'], place: 1, notification: 'denied' });
  });

  rule('is not answered by the shell where it is another page, preload or not', async () => {
    const outcome = await app.app.evaluate(
      async ({ BrowserWindow }, preload) => {
        const foreign = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
        await foreign.loadURL('data:text/html,<title>foreign</title>');
        const outcome = (await foreign.webContents.executeJavaScript(`(async () => {
        const chosen = await lathe.chooseFiles({ title: 'x', kind: 'file' }).then(() => 'answered', (error) => String(error));
        const called = await Promise.race([lathe.call('host.status', {}).then(() => 'answered'), new Promise((r) => setTimeout(r, 500, 'silence'))]);
        return { chosen, called };
      })()`)) as { chosen: string; called: string };
        foreign.destroy();
        return outcome;
      },
      join(projectRoot, 'dist', 'preload', 'preload.cjs'),
    );
    expect(outcome.called).toBe('silence');
    expect(outcome.chosen).toMatch(/the role viewer/);
  });
});
