import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AppUnderTest, setStage, until, type Stage } from '../support/app-under-test.ts';
import { electronForTests } from '../support/electron-for-tests.ts';
import { LatheCli } from '../../support/lathe-cli.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const runtime = electronForTests();
const folder = temporaryFolder();
let homes = 0;
const newHome = (): string => join(folder, `home-${(homes += 1)}`);

describe('the app', () => {
  let stage: Stage;
  const started: AppUnderTest[] = [];
  beforeAll(async () => {
    if ('folder' in runtime) stage = await setStage(runtime.folder);
  }, 180_000);
  afterEach(async () => {
    // Whatever a failure left; runs in it are not asked about.
    for (const app of started.splice(0)) await app.kill();
  });
  afterAll(() => {
    if ('folder' in runtime) stage.close();
  });

  const start = async (home: string, environment: Readonly<Record<string, string>> = {}): Promise<AppUnderTest> => {
    const app = await AppUnderTest.start(stage, home, environment);
    started.push(app);
    return app;
  };
  const story = (name: string, test: () => Promise<void>): void =>
    it(name, { timeout: 120_000 }, async (context) => {
      if ('why' in runtime) return context.skip(runtime.why);
      await test();
    });
  const windowCount = (app: AppUnderTest): Promise<number> => app.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
  /** A second start of the same app, as a user makes it. */
  const startAgain = (app: AppUnderTest): Promise<number | null> =>
    new Promise((resolve, reject) => {
      const env = { ...process.env, ...stage.environment, LATHE_HOME: app.home, NODE_OPTIONS: '' };
      const second = spawn(stage.program, [...stage.args], { env, stdio: 'ignore' });
      second.on('error', reject);
      second.on('exit', resolve);
    });

  story('opens where it was, on screens that are there, and once only', async () => {
    const home = newHome();
    const first = await start(home);
    await first.page();
    await first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setBounds({ x: 150, y: 120, width: 1_000, height: 700 }));
    await first.close();
    const kept = JSON.parse(readFileSync(join(home, 'window', 'window.json'), 'utf8')) as { window: { bounds: { width: number } } };
    expect(kept.window.bounds).toEqual({ x: 150, y: 120, width: 1_000, height: 700 });

    const second = await start(home);
    await second.page();
    const bounds = await second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
    expect(bounds).toEqual({ x: 150, y: 120, width: 1_000, height: 700 });
    expect(await startAgain(second)).toBe(0);
    expect(await windowCount(second)).toBe(1);
    await second.close();
  });

  story('gets another core where one is killed, and its page back where that dies', async () => {
    const app = await start(newHome());
    const { pid } = await app.call('host.status', {});
    const page = await app.page();
    await page.evaluate(() => {
      const world = window as unknown as { lathe: { onConnection(listener: (state: string) => void): void }; heard: string[] };
      world.heard = [];
      world.lathe.onConnection((state) => world.heard.push(state));
    });
    process.kill(pid, 'SIGKILL');
    await page.waitForFunction(() => (window as unknown as { heard: string[] }).heard.join(' ') === 'open lost open', undefined, { timeout: 20_000 });
    const again = await app.call('host.status', {});
    expect(again.pid).not.toBe(pid);

    const before = await page.evaluate(() => performance.timeOrigin);
    await app.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer());
    const after = await until(() =>
      app.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript('performance.timeOrigin') as Promise<number>),
    );
    expect(after).toBeGreaterThan(before);
    const status = await until(() =>
      app.app.evaluate(
        ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript("lathe.call('host.status', {})") as Promise<{ ok: boolean }>,
      ),
    );
    expect(status.ok).toBe(true);
  });

  story('lets a run go on without a window, shows it in two, and asks before it quits', async () => {
    const app = await start(newHome());
    const run = await app.startRun(2_000);
    await app.untilRun(run, ({ step }) => step > 1);
    await app.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await until(async () => ((await windowCount(app)) === 0 ? true : null));
    expect(await startAgain(app)).toBe(0);
    await until(() => Promise.resolve(app.app.windows().length === 1 ? true : null));
    const reopened = await app.untilRun(run, ({ state, step }) => state === 'running' && step > 2);

    const other = app.app.waitForEvent('window');
    await app.app.evaluate(({ Menu }) => {
      const items = Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => submenu?.items ?? []) ?? [];
      items.find(({ label }) => label === 'New Window')?.click();
    });
    const second = await other;
    await second.waitForFunction(() => 'lathe' in globalThis);
    const heard = await second.evaluate(
      (asked) =>
        new Promise<string>((resolve) => {
          const { lathe } = window as unknown as { lathe: { onEvent(listener: (event: string, data: { run: string }) => void): void } };
          lathe.onEvent((event, data) => data.run === asked && event === 'run.logged' && resolve(event));
        }),
      run,
    );
    expect({ heard, isFurther: reopened.step > 2 }).toEqual({ heard: 'run.logged', isFurther: true });

    const questions = await app.app.evaluate(async ({ app: electron, dialog }) => {
      const asked: string[] = [];
      dialog.showMessageBox = ((options: { message: string; buttons: string[] }) => {
        asked.push(options.message, ...options.buttons);
        return Promise.resolve({ response: 2, checkboxChecked: false });
      }) as never;
      electron.quit();
      await new Promise((resolve) => setTimeout(resolve, 300));
      return asked;
    });
    expect(questions).toEqual(['1 run is at work.', 'Keep Going', 'Stop and Quit', 'Cancel']);
    expect(await app.call('runs.status', { run })).toMatchObject({ state: 'running' });

    const ended = app.ended();
    await app.app.evaluate(({ app: electron, dialog }) => {
      dialog.showMessageBox = () => Promise.resolve({ response: 1, checkboxChecked: false });
      // Not before this is answered.
      setTimeout(() => electron.quit(), 50);
    });
    await ended;
    const next = await start(app.home);
    expect(await next.call('runs.status', { run })).toMatchObject({ state: 'interrupted' });
    await next.close();
  });

  story('finds a run interrupted after it was killed, or goes on with it where the setting says so', async () => {
    const app = await start(newHome());
    const run = await app.startRun(30);
    await app.untilRun(run, ({ step }) => step > 6);
    await app.kill();
    const second = await start(app.home);
    expect(await second.call('runs.status', { run })).toMatchObject({ state: 'interrupted' });
    await second.call('settings.set', { name: 'resume_interrupted', value: true });
    await second.call('runs.resume', { run });
    await second.untilRun(run, ({ state, step }) => state === 'running' && step > 10);
    await second.kill();
    const third = await start(app.home);
    await third.untilRun(run, ({ state }) => state === 'done', 90_000);
    await third.close();
  });

  story('shows the runs of the host that is there, and takes over when it ends', async () => {
    const home = newHome();
    const serve = new LatheCli(['serve', '--json', '--port', '0'], { env: { LATHE_HOME: home } });
    await until(() => Promise.resolve(serve.events.some(({ event }) => event === 'listening') ? true : null));
    const app = await start(home);
    expect(await app.call('host.status', {})).toMatchObject({ kind: 'serve' });
    serve.signal('SIGINT');
    await serve.ended;
    const own = await until(async () => {
      const status = await app.call('host.status', {});
      return status.kind === 'window' ? status : null;
    });
    expect(own.kind).toBe('window');
    await app.close();
  });

  story('trains through processes that the shell starts', async () => {
    const app = await start(newHome(), { LATHE_COMPUTE: 'shell' });
    const run = await app.startRun(6);
    const trained = await app.untilRun(run, ({ state }) => !['queued', 'running'].includes(state));
    expect(trained).toMatchObject({ state: 'done', step: 6 });
    await app.close();
  });
});
