/** A change of a version that is killed between any two of its files: the next host, and repair, find files and rows the same. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { RegisterVersion } from '../../shared/contracts/registry-calls.ts';
import { recoverVersions } from '../../main/services/registry/index-versions.ts';
import { readTagsFile, readVersionFile } from '../../main/services/registry/version-folder.ts';
import { repairHome } from '../../main/services/repair/repair-home.ts';
import { keepingLogger } from '../support/keeping-logger.ts';
import { madeRun, testCaller, testRegistry } from '../support/registry.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const [home, kept] = [join(folder, 'home'), join(folder, 'kept')];
const script = join(import.meta.dirname, '..', 'support', 'die-in-registry.ts');

async function prepare(): Promise<void> {
  const { registry, store, paths } = testRegistry(home);
  const { run } = madeRun({ store, paths });
  for (const tags of [['newest'], []]) await registry.register(RegisterVersion.parse({ name: 'support', run, tags }), testCaller);
  await registry.register(RegisterVersion.parse({ name: 'untagged', run }), testCaller);
  store.close();
  cpSync(home, kept, { recursive: true });
}

/** Whether it was killed. */
function change(what: string, call: number): boolean {
  rmSync(home, { recursive: true });
  cpSync(kept, home, { recursive: true });
  const { signal, status, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', script, home, what, String(call)]);
  expect([signal, status], stderr.toString()).toEqual(signal === null ? [null, 0] : ['SIGKILL', null]);
  return signal !== null;
}

async function requireSame(): Promise<void> {
  const { registry, store, paths } = testRegistry(home);
  for (const name of ['support', 'untagged']) {
    const ofName = join(paths.registry, name);
    const folders = readdirSync(ofName, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const versions = store.versions.ofName(name, 10);
    expect(folders.map((entry) => entry.name).sort()).toEqual(versions.map(({ version }) => version).sort());
    for (const { version, dir, record } of versions) {
      expect(readVersionFile(dir)).toEqual({ ...record, states: store.tags.stateHistory(name, version) });
      expect(await registry.verify({ name, version })).toMatchObject({ changed: [] });
    }
    expect(readTagsFile(ofName)).toEqual({ tags: store.tags.of(name), history: store.tags.tagHistory(name) });
    expect(existsSync(join(ofName, '.changing.json'))).toBe(false);
  }
  const tagged = store.tags.versionOf('untagged', 'first') !== null;
  const removed = !store.versions.has({ name: 'support', version: '1.0.0' });
  const told = store.audit.list({ limit: 100, before: null }).map(({ action, subject }) => `${action} ${subject}`);
  expect([tagged, removed]).toEqual([told.includes('registry.tag tag untagged:first'), told.includes('registry.remove version support@1.0.0')]);
  expect(store.audit.verify().broken).toBeNull();
  store.close();
}

it.each(['update', 'setState', 'tag', 'firstTag', 'remove'])('%s, wherever it is killed', { timeout: 300_000 }, async (what) => {
  if (!existsSync(kept)) await prepare();
  let call = 1;
  for (; change(what, call); call += 1) {
    if (call % 2 === 0) repairHome({ paths: testPaths(), log: keepingLogger(), actor: testCaller.actor, now: new Date() });
    else recover();
    await requireSame();
  }
  // A mark and a file at least, each written, flushed and renamed.
  expect(call).toBeGreaterThan(6);
  await requireSame();
});

function recover(): void {
  const { store, paths } = testRegistry(home);
  recoverVersions({ store, folder: paths.registry, log: keepingLogger() });
  store.close();
}

function testPaths() {
  const { store, paths } = testRegistry(home);
  store.close();
  return paths;
}

it('takes the card back where its record cannot be written, and mends that later', async () => {
  if (!existsSync(kept)) await prepare();
  change('tag', 1_000);
  const { registry, store, paths } = testRegistry(home);
  const key = { name: 'support', version: '1.0.0' };
  const record = join(store.versions.get(key).dir, 'version.yaml');
  rmSync(record);
  mkdirSync(record);
  expect(() => registry.update({ ...key, description: 'another' }, testCaller)).toThrow();
  expect(await registry.verify(key)).toMatchObject({ changed: [] });
  expect(store.versions.get(key).record.description).toBe('');
  rmSync(record, { recursive: true });
  recoverVersions({ store, folder: paths.registry, log: keepingLogger() });
  store.close();
  await requireSame();
});
