/** Tells when this process was too busy to listen: whoever called meanwhile had to wait so long. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Logger } from './logger.ts';

const everyMs = 10_000;
const slowMs = 200;
const nanosecondsPerMs = 1e6;

/** Looks every ten seconds at the longest delay since. Returns what ends it. */
export function watchLoopLag(log: Logger): () => void {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const timer = setInterval(() => {
    const ms = Math.round(delay.max / nanosecondsPerMs);
    if (ms > slowMs) log.warn('event loop held up', { ms });
    delay.reset();
  }, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    delay.disable();
  };
}
