/** The scores of one version, each with its difference to the base where that was scored on the same items. */
import { useMemo } from 'react';
import type { PairedComparison } from '../../../shared/domain/benchmark-comparison.ts';
import { versionText, type VersionKey } from '../../../shared/domain/version.ts';
import type { AppError } from '../../../shared/errors/app-error.ts';
import { baseScore, isDone, type DoneScore } from './score-matrix.ts';
import { useAllScores } from './use-all-scores.ts';
import { useComparisons } from './use-comparisons.ts';
import { useOrigins } from './use-origins.ts';

export interface VersionScore {
  readonly score: DoneScore;
  readonly base: DoneScore | null;
  /** null: there is none to compare with, or it is not worked out yet. */
  readonly comparison: PairedComparison | null;
}

export interface VersionScores {
  /** undefined: not there yet. */
  readonly scores: readonly VersionScore[] | undefined;
  readonly error: AppError | null;
}

const noScores: readonly DoneScore[] = [];

export function useVersionScores({ name, version }: VersionKey): VersionScores {
  const { data, error } = useAllScores({ latest: true });
  const { bases } = useOrigins();
  const all = useMemo(() => data?.filter(isDone) ?? noScores, [data]);
  const own = useMemo(() => {
    const label = versionText({ name, version });
    return all
      .filter(({ subject }) => subject.version !== null && versionText(subject.version) === label)
      .toSorted((one, other) => one.task.localeCompare(other.task))
      .map((score) => ({ score, base: baseScore(score, all, bases) }));
  }, [all, bases, name, version]);
  const pairs = useMemo(() => own.flatMap(({ score, base }) => (base === null ? [] : [{ base: base.score, others: [score.score] }])), [own]);
  const { byScore } = useComparisons(pairs);
  const scores = own.map((each) => ({ ...each, comparison: byScore.get(each.score.score) ?? null }));
  return { scores: data === undefined ? undefined : scores, error: data === undefined ? error : null };
}
