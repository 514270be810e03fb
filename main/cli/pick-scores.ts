/** Which scores of some subjects are set against each other: on each benchmark the newest that were made in the same way. */
import type { BenchmarkScore } from '../../shared/domain/benchmark-run.ts';
import { differencesOf } from '../services/benchmarks/compare-values.ts';
import { doneScore, type DoneScore } from '../services/benchmarks/comparisons.ts';

/** The first is what the others are compared with; null: a subject has none that fits. */
export interface Picked {
  readonly task: string;
  readonly base: DoneScore;
  readonly others: readonly (DoneScore | null)[];
}

/** `subjects`: the scores of each, the newest first. Tasks on which nothing can be compared are left out. `named`: scores that stand first, whatever fits them. */
export function pickScores(subjects: readonly (readonly BenchmarkScore[])[], named: readonly BenchmarkScore[] = []): readonly Picked[] {
  const [first, ...others] = named.map((score) => doneScore(score));
  const own: readonly Picked[] = first === undefined ? [] : [{ task: first.task, base: first, others }];
  const [bases = [], ...rest] = subjects.map((scores) => scores.filter(({ result }) => result !== null).map((score) => doneScore(score)));
  const tasks = [...new Set(bases.map(({ task }) => task))].filter((task) => task !== first?.task).toSorted();
  const picked = tasks.flatMap((task) => {
    const picks = bases.filter((base) => base.task === task).map((base): Picked => ({ task, base, others: rest.map((scores) => fitting(base, scores)) }));
    const found = (pick: Picked): number => pick.others.filter((score) => score !== null).length;
    const most = Math.max(0, ...picks.map(found));
    const best = picks.find((pick) => found(pick) === most);
    return best === undefined || most === 0 ? [] : [best];
  });
  return [...own, ...picked];
}

const fitting = (base: DoneScore, scores: readonly DoneScore[]): DoneScore | null =>
  scores.find(({ result }) => differencesOf(base.result, result).length === 0) ?? null;
