/** Time as a deployment knows it: what the calendar says, how long the machine has been up, sleep counted in, and waiting. */
import { uptime } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';

export interface RolloutClock {
  readonly now: () => Date;
  /** Milliseconds that never jump back, and go on while the machine sleeps. */
  readonly upMs: () => number;
  /** Ends early, and without a word, where `signal` says so. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

export const systemClock = (now: () => Date): RolloutClock => ({
  now,
  upMs: () => uptime() * 1_000,
  wait: (ms, signal) => wait(ms, undefined, { signal, ref: false }).catch(() => undefined),
});
