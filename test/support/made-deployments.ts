/** Deployments, steps and servings as rows, for tests of the store: what is not said is the same for all. */
import { deploymentDefaults } from '../../shared/domain/deployment-config.ts';
import type { DeploymentStep, Serving } from '../../shared/domain/deployment.ts';
import type { NewDeployment } from '../../main/store/deployment-rows.ts';
import { testTime } from './empty-store.ts';
import { testActor } from './small-home.ts';

export const madeDeployment = (deployment: string, said: Partial<NewDeployment> = {}): NewDeployment => ({
  ...{ deployment, name: 'support', version: '1.0.0', target: 'desk', environment: 'staging', alias: 'bot', served_as: `support-1.0.0-${deployment}` },
  ...{ strategy: 'blue_green', state: 'done', traffic: 0, question: null, created: testTime, ended: null, seen: testTime, actor: testActor, error: null },
  config: deploymentDefaults,
  plan: {
    ...{ label: 'support@1.0.0', adapter: null, mover: 'alias', split: null, loaded: ['one'], back: [] },
    base: { name: 'base', path: null, file: null, bytes: null, sha256: null },
  },
  previous: { one: null },
  ...said,
});

export const madeStep = (position: number, said: Partial<DeploymentStep> = {}): DeploymentStep => ({
  ...{ position, kind: 'load', server: 'one', words: 'Load it', calls: ['POST /backend/load'], traffic: null, state: 'waiting' },
  ...{ started: null, ended: null, evidence: {}, problem: null },
  ...said,
});

export const madeServing = (served_as: string, said: Partial<Omit<Serving, 'to'>> = {}): Omit<Serving, 'to'> => ({
  ...{ target: 'desk', server: 'one', alias: 'bot', name: 'support', version: '1.0.0', served_as, share: 100, from: testTime },
  ...{ deployment: 'a', strategy: 'blue_green', actor: testActor, reason: 'by a test' },
  ...said,
});
