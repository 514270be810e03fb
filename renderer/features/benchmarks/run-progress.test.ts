import { expect, it } from 'vitest';
import { doneScore } from './score-for-tests.ts';
import { itemRate, runProgress } from './run-progress.ts';

const running = { ...doneScore(), state: 'running' as const, result: null, done: 25, total: 100, eta_seconds: 15 };

it('counts scores that are half done by their items', () => {
  expect(runProgress([doneScore(), running, { ...running, state: 'waiting', done: 0, total: null }, doneScore()])).toBeCloseTo(2.25 / 4, 9);
  expect(runProgress([])).toBe(0);
});

it('tells how quick a score goes as far as it can be told', () => {
  expect(itemRate(doneScore())).toBe(10);
  expect(itemRate(running)).toBe(5);
  expect(itemRate({ ...running, eta_seconds: null })).toBeNull();
});
