import { expect, it } from 'vitest';
import { Target } from '../../shared/domain/target.ts';
import { emptyStore, execute, testTime } from '../../test/support/empty-store.ts';

const made = (name: string, url = 'http://one.test'): Target =>
  Target.parse({ kind: 'localai', name, environment: 'staging', servers: [{ name: 'one', url }] });
const drift = { target: 'desk', server: 'one', what: 'alias_gone' as const, subject: 'bot', expected: 'v1', found: null, words: 'gone', at: testTime };

it('are kept by name, and what was found there only until they are other ones', () => {
  const { targets } = emptyStore().store;
  targets.put(made('hall'));
  targets.put(made('desk'));
  expect(targets.list().map(({ target }) => target.name)).toEqual(['desk', 'hall']);
  targets.setFindings('desk', { reports: [], drift: [drift] });
  expect(targets.get('desk')).toEqual({ target: made('desk'), reports: [], drift: [drift], revision: 2 });
  targets.put(made('desk', 'http://other.test'));
  expect(targets.get('desk')).toEqual({ target: made('desk', 'http://other.test'), reports: [], drift: [], revision: 3 });
  targets.remove('desk');
  expect([targets.find('desk'), targets.find('hall')?.revision]).toEqual([null, 1]);
  expect(() => targets.get('desk')).toThrow(expect.objectContaining({ code: 'DEPLOY_TARGET_UNKNOWN' }));
});

it('are refused where nobody can have made them', () => {
  const { store, path } = emptyStore();
  store.targets.put(made('desk'));
  execute(path, `UPDATE targets SET target = json_set(target, '$.servers', json('[]'))`);
  expect(() => store.targets.get('desk')).toThrow(
    expect.objectContaining({ code: 'STORE_ROW_INVALID', facts: expect.objectContaining({ table: 'targets', id: 'desk' }) as unknown }),
  );
});
