import { describe, expect, it } from 'vitest';
import { emptyStore, execute, testTime } from '../../test/support/empty-store.ts';

describe('setting rows', () => {
  it('are those that somebody set, with the last value', () => {
    const { settings } = emptyStore().store;
    expect(settings.list()).toEqual([]);
    settings.set('max_restarts', 1, '2026-01-01T00:00:00.000Z');
    settings.set('max_restarts', 5, testTime);
    settings.set('keep_awake', false, testTime);
    expect(settings.list()).toEqual([
      { name: 'keep_awake', value: false, at: testTime },
      { name: 'max_restarts', value: 5, at: testTime },
    ]);
    settings.unset('keep_awake');
    expect(settings.list().map(({ name }) => name)).toEqual(['max_restarts']);
  });

  it('of another version are left out and left alone', () => {
    const { store, path } = emptyStore();
    execute(path, `INSERT INTO settings VALUES ('from_the_future', '{"a":1}', '${testTime}')`);
    expect([store.settings.list(), store.settings.unsound()]).toEqual([[], []]);
    store.settings.set('keep_awake', true, testTime);
    expect(() => execute(path, `INSERT INTO settings VALUES ('from_the_future', '1', '${testTime}')`)).toThrow(/UNIQUE/);
  });

  it.each(['"many"', '-1', '{', ''])('whose value is %j are refused, and named', (value) => {
    const { store, path } = emptyStore();
    store.settings.set('keep_awake', true, testTime);
    execute(path, `INSERT INTO settings VALUES ('max_restarts', '${value}', '${testTime}')`);
    expect(() => store.settings.list()).toThrow(expect.objectContaining({ code: 'STORE_ROW_INVALID', facts: expect.objectContaining({ id: 'max_restarts' }) }));
    expect(store.settings.unsound()).toEqual([{ key: 'max_restarts', value, at: testTime }]);
  });
});
