/** Chosen scores by task: which one the others are set against, and which cannot be. */
import { areComparable, type DoneScore } from './score-matrix.ts';

export interface ComparisonGroup {
  readonly task: string;
  readonly base: DoneScore;
  readonly others: readonly DoneScore[];
  /** Of other items, or put otherwise. */
  readonly left: readonly DoneScore[];
}

/** The first of a task is what its others are compared with, unless one is of `baseLabel`. */
export function comparisonGroups(scores: readonly DoneScore[], baseLabel: string | null): readonly ComparisonGroup[] {
  return [...Map.groupBy(scores, ({ task }) => task)].flatMap(([task, group]) => {
    const base = group.find(({ subject }) => subject.label === baseLabel) ?? group[0];
    if (base === undefined) return [];
    const rest = group.filter(({ score }) => score !== base.score);
    const [others, left] = [rest.filter((each) => areComparable(base, each)), rest.filter((each) => !areComparable(base, each))];
    return [{ task, base, others, left }];
  });
}
