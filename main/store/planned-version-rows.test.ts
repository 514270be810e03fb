import { expect, it } from 'vitest';
import { VersionWords } from '../../shared/contracts/registry-calls.ts';
import { emptyStore, execute } from '../../test/support/empty-store.ts';
import { testActor } from '../../test/support/small-home.ts';

const planned = (run: string, name = 'support') => ({ run, words: VersionWords.parse({ name, tags: ['production'] }), actor: testActor });

it('keeps one plan a run, the last', () => {
  const { planned: rows } = emptyStore().store;
  for (const each of [planned('b'), planned('a', 'first'), planned('a')]) rows.put(each);
  expect(rows.all()).toEqual([planned('a'), planned('b')]);
  expect([rows.find('b'), rows.find('c')]).toEqual([planned('b'), null]);
  rows.remove('b');
  expect(rows.all()).toEqual([planned('a')]);
});

it('refuses one that nobody can have made', () => {
  const { store, path } = emptyStore();
  store.planned.put(planned('a'));
  execute(path, `UPDATE planned_versions SET words = '{"name":"../up"}'`);
  expect(() => store.planned.find('a')).toThrow(
    expect.objectContaining({ code: 'STORE_ROW_INVALID', facts: expect.objectContaining({ table: 'planned_versions' }) }),
  );
});
