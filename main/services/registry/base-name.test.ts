import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { calls } from '../../../shared/contracts/calls.ts';
import { madeRun, testCaller, testRegistry } from '../../../test/support/registry.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { compareVersions, type Compared } from './compare-versions.ts';

const folder = temporaryFolder();

const filter = calls['registry.list'].input.parse.bind(calls['registry.list'].input);

describe('a base model', () => {
  it('is called by its name on the shelf as long as its bytes stand there', async () => {
    const { registry, store, paths } = testRegistry(join(folder, 'home'));
    const { run } = madeRun({ store, paths });
    const made = await registry.registerRun({ name: 'support', version: null, description: '', tags: [], metadata: {}, run }, testCaller.actor);
    const sha256 = made.base_model.sha256 ?? '';
    const own = made.base_model.name;
    const nameNow = (): string[] => [registry.get(made).base_model.name, ...registry.list(filter({})).versions.map((each) => each.base_model.name)];
    expect(nameNow()).toEqual([own, own]);
    store.shelf.insert({ kind: 'model', name: 'house-base', path: '/elsewhere', is_copy: false, bytes: 1, sha256, added: '2026-01-01T00:00:00Z', facts: {} });
    expect(nameNow()).toEqual(['house-base', 'house-base']);
    // What is written down stays what was seen.
    expect(registry.get(made).record.base_model.name).toBe(own);
    const found = registry.list(filter({ base: 'house-base' }));
    expect(found.versions).toHaveLength(1);
    store.shelf.remove('model', 'house-base');
    expect(nameNow()).toEqual([own, own]);
    store.close();
  });

  it('is the same in a comparison where its hash is, and only there', () => {
    const baseIs = (name: string, sha256: string | null): Compared => ({
      state: 'draft',
      scores: {},
      record: {
        base_model: { name, path: null, sha256 },
        dataset: null,
        evaluation: null,
        parameters: {},
        metrics: {},
        metadata: {},
      } as unknown as Compared['record'],
    });
    const fields = (one: Compared, two: Compared): string[] =>
      compareVersions(one, two).differences.flatMap(({ section, field }) => (section === 'base_model' ? [field] : []));
    expect(fields(baseIs('a.Q4', 'x'), baseIs('b', 'x'))).toEqual([]);
    expect(fields(baseIs('a', 'x'), baseIs('a', 'y'))).toEqual(['base_model.sha256']);
    expect(fields(baseIs('a', null), baseIs('b', null))).toEqual(['base_model.name']);
  });
});
