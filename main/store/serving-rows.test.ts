import { expect, it } from 'vitest';
import { emptyStore, execute } from '../../test/support/empty-store.ts';
import { madeServing } from '../../test/support/made-deployments.ts';

const at = (day: number): string => `2026-03-0${String(day)}T00:00:00.000Z`;
const all = { target: null, alias: null, at: null, limit: 10 };

it('say what answered at any time, from its first moment to just before its last', () => {
  const { servings } = emptyStore().store;
  servings.add(madeServing('v1', { from: at(1) }));
  servings.end({ target: 'desk', server: 'one', alias: 'bot' }, at(3));
  servings.add(madeServing('v2', { from: at(3), share: 80 }));
  servings.add(madeServing('v1', { from: at(3), share: 20 }));
  servings.add(madeServing('else', { target: 'hall', from: at(2) }));
  const then = (moment: string) => servings.list({ ...all, target: 'desk', at: moment }).map(({ served_as, share }) => `${served_as} ${String(share)}`);
  expect([then('2026-02-28T23:59:59.999Z'), then(at(1)), then('2026-03-02T23:59:59.999Z'), then(at(3))]).toEqual([
    [],
    ['v1 100'],
    ['v1 100'],
    ['v1 20', 'v2 80'],
  ]);
  expect(servings.list(all).map(({ served_as }) => served_as)).toEqual(['v1', 'v2', 'else', 'v1']);
  expect(servings.list({ ...all, limit: 1 })).toHaveLength(1);
  expect(servings.list({ ...all, alias: 'nobody' })).toEqual([]);
});

it('end once, on one server and under one alias', () => {
  const { servings } = emptyStore().store;
  for (const said of [{}, { server: 'two' }, { alias: 'other' }]) servings.add(madeServing('v1', said));
  servings.end({ target: 'desk', server: 'one', alias: 'bot' }, at(3));
  servings.end({ target: 'desk', server: 'one', alias: 'bot' }, at(4));
  expect(servings.list({ ...all, alias: 'bot' }).map(({ server, to }) => [server, to])).toEqual([
    ['two', null],
    ['one', at(3)],
  ]);
  expect(servings.open('desk').map(({ server, alias }) => `${server} ${alias}`)).toEqual(['one other', 'two bot']);
  expect(servings.open('desk', 'other')).toHaveLength(1);
});

it('remember what is last known of a model', () => {
  const { servings } = emptyStore().store;
  servings.add(madeServing('v1', { version: '1.0.0' }));
  servings.add(madeServing('v1', { version: null, name: null, deployment: null, strategy: null, actor: null }));
  expect(servings.lastOf('desk', 'v1')).toMatchObject({ version: null, actor: null, to: null });
  expect([servings.lastOf('hall', 'v1'), servings.lastOf('desk', 'v2')]).toEqual([null, null]);
});

it('are refused where nobody can have made them', () => {
  const { store, path } = emptyStore();
  store.servings.add(madeServing('v1'));
  execute(path, `UPDATE servings SET strategy = 'hope'`);
  expect(() => store.servings.open('desk')).toThrow(expect.objectContaining({ code: 'STORE_ROW_INVALID' }));
});
