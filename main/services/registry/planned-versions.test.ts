/** Runs that were started with the wish to become a version: they do, once, whoever died on the way; and versions found by their folders alone. */
import { appendFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RegisterVersion, VersionWords } from '../../../shared/contracts/registry-calls.ts';
import { Artifact } from '../../../shared/domain/version-record.ts';
import { isAppError } from '../../../shared/errors/app-error.ts';
import { keepingLogger } from '../../../test/support/keeping-logger.ts';
import { madeRun, testCaller, testRegistry } from '../../../test/support/registry.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { repairHome } from '../repair/repair-home.ts';
import { Shelves } from '../shelves.ts';
import { PlannedVersions } from './planned-versions.ts';

const folder = temporaryFolder();
const { actor } = testCaller;
const started = '2026-01-31T10:00:00.000Z';
const words = (name: string, version: string | null = null): VersionWords => VersionWords.parse({ name, version, tags: ['newest'] });
const opened = (home: string) => {
  const { registry, store, paths } = testRegistry(join(folder, home));
  return { registry, store, paths, planned: new PlannedVersions({ store, registry, log: keepingLogger() }) };
};

const caught = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error;
  }
};

describe('a planned version', () => {
  it('is made when its run is done, and only once', async () => {
    const { store, paths, planned } = opened('done');
    const { run } = madeRun({ store, paths });
    planned.plan(run, words('support'), actor);
    const [one, other] = await Promise.all([planned.ofRun(run), planned.ofRun(run)]);
    expect(one).toEqual(other);
    expect(one).toMatchObject([{ name: 'support', version: '1.0.0', tags: ['newest'], run }]);
    await planned.settle(run);
    expect(await planned.ofRun(run)).toHaveLength(1);
  });

  it('waits for a run that is not done, and is made by the next host when it is', async () => {
    const { store, paths, planned } = opened('later');
    const { run } = madeRun({ store, paths, state: 'failed' });
    planned.plan(run, words('support'), actor);
    expect(await planned.ofRun(run)).toEqual([]);
    planned.settleAll();
    await planned.close();
    expect(store.planned.find(run)).not.toBeNull();
    store.runs.update(run, { state: 'done' });
    planned.settleAll();
    await planned.close();
    expect(store.versions.ofRun(run)).toHaveLength(1);
    expect(store.planned.all()).toEqual([]);
  });

  it('is not made again where a host died just after it had made it', async () => {
    const { registry, store, paths, planned } = opened('twice');
    const { run } = madeRun({ store, paths });
    planned.plan(run, words('support'), actor);
    await registry.registerRun({ ...words('support'), run }, actor);
    await planned.settle(run);
    expect(store.versions.ofRun(run)).toHaveLength(1);
    expect(store.planned.all()).toEqual([]);
  });

  it('stays planned where it cannot be made, tells why, and is forgotten with its run', async () => {
    const { store, paths, planned } = opened('failing');
    const { run, dir } = madeRun({ store, paths });
    planned.plan(run, words('support'), actor);
    rmSync(join(dir, 'adapter'), { recursive: true });
    await expect(planned.ofRun(run)).rejects.toMatchObject({ code: 'REGISTRY_SOURCE' });
    expect(store.planned.find(run)).not.toBeNull();
    store.runs.remove(run);
    planned.settleAll();
    expect(store.planned.all()).toEqual([]);
  });

  it('outlives the database: its run’s folder knows of it until it is made', async () => {
    const home = join(folder, 'lost');
    const { store, paths, planned } = opened('lost');
    const { run, dir } = madeRun({ store, paths });
    appendFileSync(join(dir, 'events.jsonl'), `${JSON.stringify({ at: started, event: 'done', ...store.runs.get(run).result })}\n`);
    const unsound = madeRun({ store, paths }).dir;
    planned.plan(run, words('support'), actor);
    planned.keep(run);
    store.close();
    writeFileSync(join(unsound, 'planned-version.yaml'), 'words: 3');
    rmSync(join(home, 'lathe.db'));
    repairHome({ paths, log: keepingLogger(), actor, now: new Date() });
    const after = opened('lost');
    expect(after.store.planned.all()).toEqual([{ run, words: words('support'), actor }]);
    after.planned.settleAll();
    await after.planned.close();
    expect(after.store.versions.ofRun(run)).toMatchObject([{ name: 'support', version: '1.0.0' }]);
    expect(existsSync(join(dir, 'planned-version.yaml'))).toBe(false);
    after.store.close();
    rmSync(join(home, 'lathe.db'));
    repairHome({ paths, log: keepingLogger(), actor, now: new Date() });
    expect(opened('lost').store.planned.all()).toEqual([]);
  });

  it('is refused at once where its number is taken', async () => {
    const { registry, store, paths, planned } = opened('taken');
    const { run } = madeRun({ store, paths });
    await registry.registerRun({ ...words('support', '1.0.0'), run }, actor);
    expect(() => planned.plan(run, words('support', '1.0.0'), actor)).toThrow('support@1.0.0 is there already');
  });
});

describe('a version by its name', () => {
  it('has no file outside its folder', () => {
    const at = (path: string): boolean => Artifact.safeParse({ path, bytes: 1, sha256: '0'.repeat(64) }).success;
    expect(['adapter/a.safetensors', 'card.md', 'model/a..b'].every(at)).toBe(true);
    expect(['/etc/passwd', '../x', 'adapter/../../x', 'a/..', '.', 'a\\..\\b', 'c:x', ''].some(at)).toBe(false);
  });

  it('is found by number, by tag and as the latest, its files checked; what is a path stays one', async () => {
    const { registry, store, paths } = opened('names');
    const { run } = madeRun({ store, paths });
    const made = await registry.register(RegisterVersion.parse({ name: 'support', run, tags: ['production'] }), testCaller);
    await registry.register(RegisterVersion.parse({ name: 'support', version: '1.1.0' }), testCaller);
    const shelves = new Shelves(paths, folder);
    const adapter = join(made.dir, 'adapter');
    expect([shelves.adapter('support@1.0.0'), shelves.adapter('support@production'), shelves.anything('support@1.0.0')]).toEqual([adapter, adapter, adapter]);
    expect(() => shelves.adapter('support@latest')).toThrow('support@1.1.0 holds no adapter');
    expect(() => shelves.adapter('support@staging')).toThrow('There is no version staging of support');
    for (const hostile of [
      '../names/registry/support@1.0.0',
      'support@../1.0.0',
      'support@../../x',
      '..@1.0.0',
      'support@__proto__',
      'support@constructor',
      'nobody@1.0.0',
    ]) {
      const thrown = caught(() => shelves.adapter(hostile));
      expect([hostile, isAppError(thrown)]).toEqual([hostile, true]);
    }
    mkdirSync(join(folder, 'mine@home'));
    expect(shelves.adapter('mine@home')).toBe(join(folder, 'mine@home'));
    writeFileSync(join(adapter, 'adapter_config.json'), '{"r": 1}');
    expect(() => shelves.adapter('support@1.0.0')).toThrow('adapter/adapter_config.json of support@1.0.0 is not what was registered');
    expect(existsSync(join(made.dir, 'version.yaml'))).toBe(true);
  });
});
