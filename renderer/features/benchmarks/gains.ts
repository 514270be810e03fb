/** What tuning gained and what it cost: the differences to the base that are told apart from chance, side by side. */
import type { PairedComparison } from '../../../shared/domain/benchmark-comparison.ts';
import type { ScoreMatrix } from './score-matrix.ts';

export interface Gains {
  readonly key: string;
  readonly label: string;
  readonly better: readonly PairedComparison[];
  readonly worse: readonly PairedComparison[];
  readonly undecided: readonly PairedComparison[];
}

/** `comparisons`: by the score that is compared with its base's. Rows without any are left out. */
export function gainsOf({ rows, tasks }: ScoreMatrix, comparisons: ReadonlyMap<string, PairedComparison>): readonly Gains[] {
  return rows.flatMap(({ key, label, cells }) => {
    const found = tasks.map((task) => comparisons.get(cells.get(task)?.score ?? '')).filter((each) => each !== undefined);
    const of = (verdict: PairedComparison['verdict']): readonly PairedComparison[] =>
      found.filter((each) => each.verdict === verdict).toSorted((one, other) => Math.abs(other.difference) - Math.abs(one.difference));
    return found.length === 0 ? [] : [{ key, label, better: of('better'), worse: of('worse'), undecided: of('undecided') }];
  });
}
