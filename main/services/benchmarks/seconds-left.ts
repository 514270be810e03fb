/** How long a benchmark run will still take, from what it has scored so far. Pure. */
import type { StoredScore } from '../../store/score-rows.ts';

type Standing = Pick<StoredScore, 'score' | 'task' | 'state' | 'result'>;

/** null where it cannot be told: a score that is at work does not know yet, or none was made of a task that waits. */
export function secondsLeft(scores: readonly Standing[], etaOf: (score: string) => number | null): number | null {
  let left = 0;
  for (const { score, task, state } of scores) {
    if (state !== 'running' && state !== 'waiting') continue;
    const seconds = state === 'running' ? etaOf(score) : usual(scores, task);
    if (seconds === null) return null;
    left += seconds;
  }
  return left;
}

/** Of a task's scores that were made from their first item on. */
function usual(scores: readonly Standing[], task: string): number | null {
  const times = scores.flatMap(({ task: of, result }) => (of === task && result !== null && result.resumed_items === 0 ? [result.seconds] : []));
  return times.length === 0 ? null : times.reduce((sum, time) => sum + time, 0) / times.length;
}
