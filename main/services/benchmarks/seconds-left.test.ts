import { describe, expect, it } from 'vitest';
import { secondsLeft } from './seconds-left.ts';

type Score = Parameters<typeof secondsLeft>[0][number];
const score = (task: string, state: Score['state'], seconds: number | null = null, resumed = 0): Score => ({
  ...{ score: task + state, task, state },
  result: seconds === null ? null : ({ seconds, resumed_items: resumed } as Score['result']),
});

describe('the time that a benchmark run still takes', () => {
  it.each<[string, Score[], number | null]>([
    ['is what its scores at work say', [score('x', 'running')], 7],
    ['and what others of a task took', [score('x', 'done', 10), score('x', 'done', 20), score('x', 'waiting'), score('y', 'running')], 22],
    ['is not known of a task that was never scored', [score('x', 'done', 10), score('y', 'waiting')], null],
    ['counts no score that was made in parts', [score('x', 'done', 1, 5), score('x', 'waiting')], null],
    ['is nothing where nothing is left', [score('x', 'done', 10), score('y', 'failed')], 0],
  ])('%s', (_, scores, expected) => expect(secondsLeft(scores, () => 7)).toBe(expected));
});
