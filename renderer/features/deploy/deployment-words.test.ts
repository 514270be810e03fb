import { expect, it } from 'vitest';
import type { DeploymentStep } from '../../../shared/domain/deployment.ts';
import { deployPath, endedSteps, previousOf, shownState, splitSteps } from './deployment-words.ts';

const step = (position: number, more: Partial<DeploymentStep> = {}): DeploymentStep => ({
  ...{ position, kind: 'load', server: null, words: '', calls: [], traffic: null, state: 'done', started: null, ended: null, evidence: {}, problem: null },
  ...more,
});

it('keeps the way back apart', () => {
  const { forward, back } = splitSteps([step(0), step(1, { kind: 'reload' }), step(2, { kind: 'reload', evidence: { way: 'back' } })]);
  expect([forward.length, back.length]).toEqual([2, 1]);
});

it('counts what is over', () => {
  expect(endedSteps([step(0), step(1, { state: 'skipped' }), step(2, { state: 'failed' }), step(3, { state: 'waiting' })])).toBe(2);
});

it('shows nothing as at work or to come once it is over', () => {
  const states = (['done', 'running', 'waiting', 'failed'] as const).map((state) => shownState({ state }, true));
  expect(states).toEqual(['done', 'cut', 'skipped', 'failed']);
  expect(shownState({ state: 'running' }, false)).toBe('running');
});

it('names each version before once, and nobody as nobody', () => {
  expect(previousOf({ previous: { one: 'a', two: 'a', three: null, four: 'b' } })).toBe('a, b');
  expect(previousOf({ previous: { one: null } })).toBeNull();
});

it('leads to the form with what is known', () => {
  expect(deployPath({})).toBe('/deploy/new');
  expect(deployPath({ model: 'router@1.0.0', target: 'office' })).toBe('/deploy/new?model=router%401.0.0&target=office');
});
