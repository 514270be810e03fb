import { QueryClient } from '@tanstack/react-query';
import { expect, it } from 'vitest';
import type { Deployment, DeploymentSample, DeploymentStep } from '../../shared/domain/deployment.ts';
import { hearDeployment, joinedSamples, withStep } from './hear-deployment.ts';

const step = (position: number, state: DeploymentStep['state'] = 'waiting'): DeploymentStep => ({
  ...{ position, kind: 'load', server: null, words: '', calls: [], traffic: null, state, started: null, ended: null, evidence: {}, problem: null },
});
const sample = (second: number, side: DeploymentSample['side'] = 'new'): DeploymentSample => ({
  ...{ at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(), server: 'one', side, ok: true, first_ms: 5, total_ms: 100, problem: null },
});

it('puts a step in its place, and a new one behind', () => {
  expect(withStep([step(0), step(1)], step(0, 'done')).map(({ state }) => state)).toEqual(['done', 'waiting']);
  expect(withStep([step(0)], step(1))).toHaveLength(2);
});

it('takes what is told twice once', () => {
  expect(joinedSamples([sample(0)], [sample(0), sample(0, 'previous'), sample(1)])).toHaveLength(3);
});

it('does not put an older state over a newer one', () => {
  const queries = new QueryClient();
  const key = ['deployments.get', { deployment: 'dep-1' }];
  queries.setQueryData(key, { deployment: 'dep-1', revision: 3, state: 'done', steps: [] });
  hearDeployment({ event: 'deployment.changed', data: { deployment: 'dep-1', revision: 2, state: 'running' } as Deployment }, queries);
  expect(queries.getQueryData(key)).toMatchObject({ state: 'done' });
  hearDeployment({ event: 'deployment.changed', data: { deployment: 'dep-1', revision: 4, state: 'rolling_back' } as Deployment }, queries);
  expect(queries.getQueryData(key)).toMatchObject({ state: 'rolling_back' });
});
