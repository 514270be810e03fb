import { expect, it } from 'vitest';
import { frameTimes, type TraceEvent } from './frame-times.ts';

const event = (name: string, ts: number, dur?: number, tid = 1): TraceEvent => ({ name, ph: 'X', tid, ts, ...(dur !== undefined && { dur }) });

it('counts work between frames once, whatever contains what', () => {
  const events = [
    event('Commit', 0),
    event('FireAnimationFrame', 1_000, 4_000),
    event('FunctionCall', 1_500, 2_000),
    event('Layout', 6_000, 1_000),
    event('Commit', 10_000),
    event('Paint', 11_000, 5_000),
    event('Commit', 20_000),
  ];
  expect(frameTimes(events)).toEqual([5, 0]);
});

it('shares work that reaches over a frame, and passes over other threads', () => {
  const events = [
    event('Commit', 0),
    event('FunctionCall', 8_000, 4_000),
    event('FunctionCall', 1_000, 5_000, 2),
    event('Commit', 10_000),
    event('Commit', 20_000),
  ];
  expect(frameTimes(events)).toEqual([2, 2]);
});
