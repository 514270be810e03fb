import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CoreEvent } from '../../shared/contracts/calls.ts';
import { EventBundler } from './event-bundler.ts';

type Logged = Extract<CoreEvent, { event: 'run.logged' }>;

const line = (step: number, text = ''): Logged['data']['lines'][number] => ({ at: '2026-05-02T00:00:00.000Z', event: 'step', step, text }) as never;
const logged = (run: string, steps: readonly number[], attempt = 1, text = ''): Logged => ({
  event: 'run.logged',
  data: { run, attempt, lines: steps.map((step) => line(step, text)) },
});

const sent: CoreEvent[] = [];
let bundler: EventBundler;
beforeEach(() => {
  vi.useFakeTimers();
  sent.length = 0;
  bundler = new EventBundler((event) => sent.push(event));
});
afterEach(() => void vi.useRealTimers());

const stepsOf = (event: CoreEvent | undefined): unknown =>
  event?.event === 'run.logged'
    ? [event.data.run, event.data.attempt, event.data.lines.map((each) => (each as unknown as { step: number }).step)]
    : event?.event;

describe('what runs log, for pages', () => {
  it('goes at once, then ten times a second, in one message a run and attempt', () => {
    bundler.add(logged('a', [1]));
    bundler.add(logged('a', [2]));
    vi.advanceTimersByTime(0);
    expect(sent.map(stepsOf)).toEqual([['a', 1, [1, 2]]]);
    bundler.add(logged('a', [3]));
    bundler.add(logged('b', [1]));
    bundler.add(logged('a', [4]));
    bundler.add(logged('a', [5], 2));
    vi.advanceTimersByTime(99);
    expect(sent).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(stepsOf(sent.at(-1))).toEqual(['a', 1, [3, 4]]);
    vi.advanceTimersByTime(200);
    expect(sent.slice(2).map(stepsOf)).toEqual([
      ['b', 1, [1]],
      ['a', 2, [5]],
    ]);
  });

  it('never makes a message of 64 KB, keeps the order, and lets no run wait for a long one', () => {
    const steps = Array.from({ length: 100 }, (_, index) => index);
    bundler.add(logged('long', steps, 1, 'x'.repeat(1_000)));
    bundler.add(logged('short', [1]));
    vi.advanceTimersByTime(1_000);
    expect(sent.map((event) => (stepsOf(event) as unknown[])[0])).toEqual(['long', 'short', 'long', 'long']);
    expect(Math.max(...sent.map((event) => JSON.stringify(event).length))).toBeLessThan(64_000);
    expect(
      sent.filter(({ event, data }) => event === 'run.logged' && data.run === 'long').flatMap((event) => (stepsOf(event) as [string, number, number[]])[2]),
    ).toEqual(steps);
  });

  it('sends a line alone that is longer than it should be', () => {
    bundler.add(logged('a', [1, 2], 1, 'x'.repeat(50_000)));
    vi.advanceTimersByTime(100);
    expect(sent.map(stepsOf)).toEqual([
      ['a', 1, [1]],
      ['a', 1, [2]],
    ]);
  });

  it('is told no more of a run that is gone, or to a page that has gone; other events pass at once', () => {
    bundler.add(logged('a', [1]));
    bundler.add(logged('b', [1]));
    bundler.add({ event: 'run.removed', data: { run: 'a' } });
    expect(sent.map(stepsOf)).toEqual(['run.removed']);
    vi.advanceTimersByTime(1_000);
    expect(sent.map(stepsOf)).toEqual(['run.removed', ['b', 1, [1]]]);
    bundler.add(logged('b', [2]));
    bundler.close();
    vi.advanceTimersByTime(1_000);
    expect(sent).toHaveLength(2);
  });
});
