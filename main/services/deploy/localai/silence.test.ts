/** Silence counts from when the server could ask. */
import { expect, it } from 'vitest';
import { Silence } from './silence.ts';

const [queued, working] = [
  { processed: false, message: 'queued' },
  { processed: false, message: 'processing file: a.gguf' },
];

it('is over after its time, not while the job waits, and never where somebody asked', () => {
  let now = 0;
  const silence = new Silence(45_000, () => now);
  const at = (ms: number, job: typeof queued, requests = 0): boolean => {
    now = ms;
    return silence.isOver(job, requests);
  };
  expect([at(10_000, queued), at(500_000, queued), at(540_000, working), at(545_001, working)]).toEqual([false, false, false, true]);
  expect(at(900_000, working, 1)).toBe(false);
});
