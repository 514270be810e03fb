import { describe, expect, it, vi } from 'vitest';
import { keepingLogger, type KeptLine } from '../../test/support/keeping-logger.ts';
import { watchLoopLag } from './loop-lag.ts';

describe('watchLoopLag', () => {
  it('names how long nobody was heard', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const lines: KeptLine[] = [];
    const stop = watchLoopLag(keepingLogger(lines));
    try {
      await new Promise((resolve) => setTimeout(resolve, 50));
      const end = performance.now() + 300;
      while (performance.now() < end) Math.sqrt(end);
      await new Promise((resolve) => setTimeout(resolve, 50));
      vi.advanceTimersByTime(10_000);
      expect(lines).toEqual([expect.objectContaining({ level: 'warn', message: 'event loop held up' })]);
      expect(Number(lines[0]?.fields['ms'])).toBeGreaterThan(200);
      vi.advanceTimersByTime(10_000);
      expect(lines).toHaveLength(1);
    } finally {
      stop();
      vi.useRealTimers();
    }
  });
});
