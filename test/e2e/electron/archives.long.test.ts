/** What is handed out for Linux: really made, looked into, and started out of the archive. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { list, extract } from 'tar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageTools } from '../../../main/cli/package-app.js';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { setStage, type Stage } from '../support/app-under-test.ts';
import { electronForTests } from '../support/electron-for-tests.ts';
import { pack, PackedApp } from '../support/packed-app.ts';

const runtime = electronForTests();
const tools = packageTools();
const seven = tools['ELECTRON_BUILDER_7ZIP_PATH'];
const why =
  'why' in runtime ? runtime.why : seven === undefined ? 'no 7zip-bin is installed' : tools['CUSTOM_FPM_PATH'] === undefined ? 'there is no dpkg-deb' : null;
const folder = temporaryFolder();
const minute = 60_000;

/** Below the app's own folder. */
const needed = [
  'lathe-desktop',
  'chrome-sandbox',
  'resources/app.asar',
  ...['package.json', 'dist/core/core-process.js', 'dist/compute/worker.js', 'dist/compute/chat.js', 'compute/native/build/lathe.node'].map(unpacked),
  ...['main/store/migrations/0001-core.sql', 'resources/models/lathe-base.gguf', 'resources/docs/getting-started.md'].map(unpacked),
  ...[`node_modules/better-sqlite3/prebuilds/linux-${process.arch}.node`, 'node_modules/node-llama-cpp/package.json'].map(unpacked),
];
function unpacked(path: string): string {
  return `resources/app.asar.unpacked/${path}`;
}

describe.skipIf(why !== null)(`the packages for Linux ${why === null ? '' : `SKIPPED: ${why}`}`, () => {
  let stage: Stage;
  beforeAll(async () => {
    if ('why' in runtime) return;
    stage = await setStage(runtime.folder);
    await pack(runtime.folder, folder, ['tar.gz', 'zip', 'deb']);
  }, 20 * minute);
  afterAll(() => stage.close());
  const made = (ending: string): string => join(folder, readdirSync(folder).find((name) => name.endsWith(ending)) ?? `nothing${ending}`);
  const missing = (names: readonly string[], root: string): readonly string[] => needed.filter((path) => !names.includes(`${root}${path}`));

  it('hold what the app loads', async () => {
    const inTar: string[] = [];
    await list({ file: made('.tar.gz'), onReadEntry: ({ path }) => void inTar.push(path) });
    expect(missing(inTar, 'lathe-0.1.0/')).toEqual([]);
    const inZip = execFileSync(seven ?? '', ['l', '-ba', '-slt', made('.zip')], { encoding: 'utf8', maxBuffer: 2 ** 26 });
    expect(
      missing(
        [...inZip.matchAll(/^Path = (.*)$/gm)].map(([, path = '']) => path),
        '',
      ),
    ).toEqual([]);
    const inDeb = execFileSync('dpkg-deb', ['--contents', made('.deb')], { encoding: 'utf8', maxBuffer: 2 ** 26 });
    const paths = inDeb.split('\n').map((line) => line.replace(/^(?:\S+\s+){5}\.\//, '').replace(/ -> .*$/, ''));
    expect(missing(paths, 'opt/Lathe/')).toEqual([]);
    expect(['usr/share/applications/lathe-desktop.desktop', 'opt/Lathe/resources/apparmor-profile'].filter((path) => !paths.includes(path))).toEqual([]);
    expect(paths.some((path) => /^usr\/share\/icons\/hicolor\/\d+x\d+\/apps\/lathe-desktop\.png$/.test(path))).toBe(true);
    expect(inDeb.split('\n').filter((line) => line !== '' && !/^\S+ root\/root /.test(line))).toEqual([]);
  });

  it('say in a .deb what it is, what it needs and what happens when it comes and goes', () => {
    const fields = execFileSync('dpkg-deb', ['--field', made('.deb')], { encoding: 'utf8' });
    expect(fields).toMatch(/^Package: lathe\nVersion: 0\.1\.0\n/);
    expect(fields).toMatch(/^Architecture: (amd64|arm64)$/m);
    expect(fields).toMatch(/^Depends: libgtk-3-0, /m);
    expect(fields).toMatch(/^Description: Fine-tune small language models on a laptop.s CPU\n /m);
    const control = join(folder, 'control');
    execFileSync('dpkg-deb', ['--control', made('.deb'), control]);
    for (const script of ['postinst', 'postrm']) execFileSync('bash', ['-n', join(control, script)]);
    expect(readdirSync(control).toSorted()).toEqual(['control', 'postinst', 'postrm']);
  });

  it('start and train out of the unpacked archive', { timeout: 5 * minute }, async () => {
    const into = join(folder, 'unpacked here');
    mkdirSync(into);
    await extract({ file: made('.tar.gz'), cwd: into });
    const app = await PackedApp.start(join(into, 'lathe-0.1.0'), { ...stage.environment, LATHE_HOME: join(folder, 'home') });
    try {
      expect(await app.call('host.about', {})).toMatchObject({ version: '0.1.0', engine: { problem: null } });
      const data = { path: join(into, 'lathe-0.1.0', unpacked('resources/datasets/support-routing/train.jsonl')) };
      const { run } = await app.call<{ run: string }>('runs.start', { config: { model: 'lathe-base', data, training: { max_steps: 3 } } });
      await expect.poll(async () => (await app.call<{ state: string }>('runs.status', { run })).state, { timeout: 2 * minute }).toBe('done');
    } finally {
      await app.end();
    }
  });
});
