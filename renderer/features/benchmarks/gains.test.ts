import { expect, it } from 'vitest';
import type { PairedComparison } from '../../../shared/domain/benchmark-comparison.ts';
import { doneScore } from './score-for-tests.ts';
import { gainsOf } from './gains.ts';
import { scoreMatrix } from './score-matrix.ts';

it('sets what is better beside what is worse, the largest first, and leaves out bases', () => {
  const tuned = ['arc_easy', 'boolq', 'piqa', 'triviaqa'].map((task) => doneScore({ label: 'tuned', adapter: 'a', task }));
  const matrix = scoreMatrix([doneScore(), ...tuned], new Map());
  const said: readonly [number, PairedComparison['verdict']][] = [
    [0.02, 'better'],
    [-0.05, 'worse'],
    [0.09, 'better'],
    [0.001, 'undecided'],
  ];
  const comparisons = new Map(
    tuned.map(({ score, task }, index) => {
      const [difference = 0, verdict = 'undecided'] = said[index] ?? [];
      // The rest of a comparison does not matter here.
      return [score, { task, difference, verdict } as PairedComparison];
    }),
  );
  const [gains, ...more] = gainsOf(matrix, comparisons);
  expect(more).toEqual([]);
  expect(gains?.label).toBe('tuned');
  expect(gains?.better.map(({ task }) => task)).toEqual(['piqa', 'arc_easy']);
  expect(gains?.worse.map(({ task }) => task)).toEqual(['boolq']);
  expect(gains?.undecided.map(({ task }) => task)).toEqual(['triviaqa']);
});
