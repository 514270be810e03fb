import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { onInterrupt } from './on-interrupt.ts';

describe('onInterrupt', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => vi.useRealTimers());

  it('counts presses, not the echoes of one press', () => {
    const heard: [number, string][] = [];
    const stop = onInterrupt((presses, signal) => heard.push([presses, signal]));
    process.emit('SIGINT', 'SIGINT');
    vi.advanceTimersByTime(20);
    process.emit('SIGINT', 'SIGINT');
    vi.advanceTimersByTime(1_000);
    process.emit('SIGTERM', 'SIGTERM');
    stop();
    process.emit('SIGTERM', 'SIGTERM');
    expect(heard).toEqual([
      [1, 'SIGINT'],
      [2, 'SIGTERM'],
    ]);
  });
});
