import { expect, it } from 'vitest';
import type { BenchmarkRun } from '../../../shared/contracts/benchmark-calls.ts';
import { openDrops } from './open-drops.ts';

const drop = (score: string) => ({ task: 'piqa', subject: 'm', score, before: 'b', difference: -0.1, p: 0.01, words: 'It fell.' });
const run = (name: string, schedule: string | null, said: Partial<BenchmarkRun>) =>
  // Only what the function looks at.
  ({ run: name, state: 'done', drops: [], schedule: schedule === null ? null : { name: schedule, slot: '' }, ...said }) as unknown as BenchmarkRun;

it('shows what the newest run of each schedule found, one that is at work aside', () => {
  const runs = [
    run('5', 'nightly', { state: 'running' }),
    run('4', 'nightly', { drops: [drop('4.1')] }),
    run('3', 'weekly', {}),
    run('2', 'nightly', { drops: [drop('2.1')] }),
    run('1', 'weekly', { drops: [drop('1.1')] }),
    run('0', null, { drops: [drop('0.1')] }),
  ];
  expect(openDrops(runs).map(({ run: of, drop: { score } }) => [of, score])).toEqual([['4', '4.1']]);
});
