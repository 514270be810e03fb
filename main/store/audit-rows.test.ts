import { describe, expect, it } from 'vitest';
import { emptyStore, execute, testTime } from '../../test/support/empty-store.ts';
import { testActor } from '../../test/support/small-home.ts';
import { auditOrigin } from './audit-rows.ts';

function written(count: number) {
  const made = emptyStore();
  for (let i = 1; i <= count; i += 1)
    made.store.audit.append({ actor: testActor, action: 'runs.start', subject: `run ${i}`, before: null, after: { i } }, new Date(testTime));
  return made;
}

describe('audit rows', () => {
  it('follow one another, each sealed with the one before', () => {
    const { audit } = written(3).store;
    const [third, second, first] = audit.list({ limit: 9, before: null });
    expect(first).toMatchObject({ seq: 1, at: testTime, actor: testActor, subject: 'run 1', before: null, after: { i: 1 }, previous: auditOrigin });
    expect([second?.previous, third?.previous]).toEqual([first?.hash, second?.hash]);
    expect(audit.head()).toEqual({ seq: 3, hash: third?.hash });
    expect(audit.verify(audit.head())).toEqual({ rows: 3, broken: null });
  });

  it('are none at first, which is whole', () => {
    const { audit } = emptyStore().store;
    expect([audit.head(), audit.verify(), audit.list({ limit: 9, before: null })]).toEqual([null, { rows: 0, broken: null }, []]);
    expect(audit.verify({ seq: 2, hash: 'x' }).broken).toMatchObject({ seq: 1, problem: 'rows 1 to 2 are cut off' });
  });

  it('are read before a row', () => {
    const { audit } = written(5).store;
    expect(audit.list({ limit: 2, before: 4 }).map(({ seq }) => seq)).toEqual([3, 2]);
  });

  it.each(["UPDATE audit SET subject = 'x'", 'DELETE FROM audit'])('are only added to: %s', (sql) => {
    const { store, path } = written(2);
    expect(() => execute(path, sql)).toThrow('the audit log is only added to');
    expect(store.audit.verify()).toEqual({ rows: 2, broken: null });
  });

  it('leave with a transaction that fails, and the chain goes on', () => {
    const { store } = written(1);
    expect(() =>
      store.transaction(() => {
        store.audit.append({ actor: testActor, action: 'a.b', subject: 's' }, new Date(testTime));
        throw new Error('no');
      }),
    ).toThrow('no');
    store.audit.append({ actor: testActor, action: 'a.b', subject: 's' }, new Date(testTime));
    expect(store.audit.verify()).toEqual({ rows: 2, broken: null });
  });
});
