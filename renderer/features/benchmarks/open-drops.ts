/** Scores that fell and still stand: those that the newest run of each schedule found. */
import type { BenchmarkRun } from '../../../shared/contracts/benchmark-calls.ts';
import type { ScoreDrop } from '../../../shared/domain/benchmark-run.ts';

export interface OpenDrop {
  readonly run: string;
  readonly drop: ScoreDrop;
}

/** `runs` are newest first. One that is still at work has not judged yet. */
export function openDrops(runs: readonly BenchmarkRun[]): readonly OpenDrop[] {
  const judged = runs.filter(({ schedule, state }) => schedule !== null && (state === 'done' || state === 'failed'));
  const newest = [...Map.groupBy(judged, ({ schedule }) => schedule?.name).values()].flatMap(([first]) => first ?? []);
  return newest.flatMap(({ run, drops }) => drops.map((drop) => ({ run, drop })));
}
