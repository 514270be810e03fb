import { describe, expect, it } from 'vitest';
import { emptyStore, execute } from '../../test/support/empty-store.ts';
import { madeDeployment, madeStep } from '../../test/support/made-deployments.ts';
import type { DeploymentFilter } from './deployment-rows.ts';

const at = (minute: number): string => `2026-05-01T00:${String(minute).padStart(2, '0')}:00.000Z`;
const all: DeploymentFilter = { target: null, alias: null, name: null, state: null, limit: 10, after: null };

describe('deployments', () => {
  it('come back as they were written, with another revision after each change', () => {
    const { deployments } = emptyStore().store;
    const made = madeDeployment('a', { state: 'running', error: { code: 'ROLLBACK_ASKED', facts: { reason: 'x' } } });
    deployments.insert(made, [madeStep(1), madeStep(0, { kind: 'deliver', evidence: { bytes: 3 } })]);
    expect(deployments.get('a')).toEqual({ ...made, revision: 1 });
    const changed = deployments.update('a', { state: 'done', traffic: 100, error: null, ended: at(1) });
    expect(changed).toEqual({ ...made, state: 'done', traffic: 100, error: null, ended: at(1), revision: 2 });
    deployments.seen('a', at(2));
    expect(deployments.find('a')).toEqual({ ...changed, seen: at(2) });
    expect(deployments.steps('a').map(({ kind, evidence }) => [kind, evidence])).toEqual([
      ['deliver', { bytes: 3 }],
      ['load', {}],
    ]);
    expect(deployments.find('b')).toBeNull();
    expect(() => deployments.get('b')).toThrow(expect.objectContaining({ code: 'DEPLOYMENT_UNKNOWN' }));
  });

  it('are active one at a time for an alias of a target', () => {
    const { deployments } = emptyStore().store;
    const busy = expect.objectContaining({ code: 'DEPLOYMENT_BUSY', facts: expect.objectContaining({ deployment: 'a' }) as unknown });
    deployments.insert(madeDeployment('a', { state: 'waiting' }), []);
    expect(() => deployments.insert(madeDeployment('b', { state: 'running' }), [])).toThrow(busy);
    expect(deployments.find('b')).toBeNull();
    deployments.insert(madeDeployment('b', { state: 'running', alias: 'other' }), []);
    deployments.insert(madeDeployment('c', { state: 'running', target: 'hall' }), []);
    deployments.insert(madeDeployment('d'), []);
    expect(() => deployments.update('d', { state: 'rolling_back' })).toThrow(busy);
    expect(deployments.active().map(({ deployment }) => deployment)).toEqual(['a', 'b', 'c']);
    deployments.update('a', { state: 'done' });
    deployments.update('d', { state: 'rolling_back' });
    expect(deployments.active().map(({ deployment }) => deployment)).toEqual(['b', 'c', 'd']);
  });

  it('are listed by what is asked, the newest first, page by page', () => {
    const { deployments } = emptyStore().store;
    for (const [i, id] of ['a', 'b', 'c', 'd'].entries())
      deployments.insert(madeDeployment(id, { created: at(Math.floor(i / 2)), alias: i === 0 ? 'other' : 'bot', state: i === 3 ? 'failed' : 'done' }), []);
    const ids = (filter: Partial<DeploymentFilter>) => deployments.list({ ...all, ...filter }).deployments.map(({ deployment }) => deployment);
    expect(ids({})).toEqual(['d', 'c', 'b', 'a']);
    expect(ids({ alias: 'bot' })).toEqual(['d', 'c', 'b']);
    expect([ids({ state: ['failed'] }), ids({ state: [] }), ids({ target: 'hall' }), ids({ name: 'support' }).length]).toEqual([['d'], [], [], 4]);
    const pages: string[][] = [];
    for (let after: string | null = null, more = true; more;) {
      const { deployments: page, next } = deployments.list({ ...all, limit: 3, after });
      pages.push(page.map(({ deployment }) => deployment));
      [after, more] = [next, next !== null];
    }
    expect(pages).toEqual([['d', 'c', 'b'], ['a']]);
    expect(deployments.of('desk', 'bot').map(({ deployment }) => deployment)).toEqual(['d', 'c', 'b']);
    expect(deployments.ofVersion('support', '1.0.0')).toHaveLength(4);
    expect([deployments.ofVersion('support', '1.1.0'), deployments.of('hall')]).toEqual([[], []]);
  });

  it('are known by what they brought somewhere', () => {
    const { deployments } = emptyStore().store;
    deployments.insert(madeDeployment('a'), []);
    expect([deployments.isOwn('support-1.0.0-a'), deployments.isOwn('theirs')]).toEqual([true, false]);
  });

  it('that nobody can have made are refused by name', () => {
    const { store, path } = emptyStore();
    store.deployments.insert(madeDeployment('a'), [madeStep(0)]);
    execute(path, `UPDATE deployments SET config = '{"strategy":"hope"}'`, `UPDATE deployment_steps SET evidence = '[]'`);
    const damaged = (table: string): unknown => expect.objectContaining({ code: 'STORE_ROW_INVALID', facts: expect.objectContaining({ table }) as unknown });
    expect(() => store.deployments.get('a')).toThrow(damaged('deployments'));
    expect(() => store.deployments.steps('a')).toThrow(damaged('deployment_steps'));
  });
});

describe('steps', () => {
  it('change in their place', () => {
    const { deployments } = emptyStore().store;
    deployments.insert(madeDeployment('a'), [madeStep(0), madeStep(1)]);
    deployments.putStep('a', madeStep(1, { state: 'failed', problem: 'no memory', evidence: { seconds: 2 } }));
    deployments.putStep('a', madeStep(2, { kind: 'withdraw' }));
    expect(deployments.steps('a').map(({ kind, state, problem }) => `${kind} ${state} ${String(problem)}`)).toEqual([
      ...['load waiting null', 'load failed no memory', 'withdraw waiting null'],
    ]);
  });

  it('that retire a version are open once their deployment is done', () => {
    const { deployments } = emptyStore().store;
    const retire = madeStep(0, { kind: 'retire' });
    deployments.insert(madeDeployment('a'), [retire]);
    deployments.insert(madeDeployment('b', { state: 'running' }), [retire]);
    deployments.insert(madeDeployment('c'), [{ ...retire, state: 'done' }]);
    const open = (): readonly string[] => deployments.openRetirements().map(({ deployment }) => deployment.deployment);
    expect(open()).toEqual(['a']);
    deployments.update('b', { state: 'done' });
    deployments.putStep('a', { ...retire, state: 'done' });
    expect(open()).toEqual(['b']);
  });
});

it('samples are kept in the order of time, of which the newest are told', () => {
  const { deployments } = emptyStore().store;
  deployments.insert(madeDeployment('a'), []);
  const sample = (i: number) => ({
    at: at(i),
    server: 'one',
    side: 'new' as const,
    ok: i % 2 === 0,
    first_ms: null,
    total_ms: i,
    problem: i % 2 === 0 ? null : 'slow',
  });
  deployments.addSamples('a', [0, 1].map(sample));
  deployments.addSamples('a', [2].map(sample));
  expect(deployments.samples('a', 2)).toEqual([1, 2].map(sample));
  expect(deployments.samples('b', 2)).toEqual([]);
});
