/** Notices that a deployment stood still, because the machine slept or this process was stopped; and tells the store that it goes on. */
import type { RolloutClock } from './rollout-clock.ts';

export interface BreaksParts {
  readonly clock: RolloutClock;
  readonly everyMs: number;
  /** Called at every beat. */
  readonly onBeat: () => void;
  /** Called when so much time passed between two beats that nobody was there for. */
  readonly onBreak: (ms: number) => void;
}

/** Beats that come so many times too late are a break. */
const late = 6;

/** Returns what ends it. */
export function watchBreaks({ clock, everyMs, onBeat, onBreak }: BreaksParts): () => void {
  let last = clock.upMs();
  const timer = setInterval(() => {
    const now = clock.upMs();
    const gap = now - last;
    last = now;
    if (gap > late * everyMs) onBreak(gap);
    onBeat();
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
