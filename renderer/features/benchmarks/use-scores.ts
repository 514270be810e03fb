/** Scores by their ids, each found in its run. */
import { useQueries } from '@tanstack/react-query';
import type { OutputOf } from '../../../shared/contracts/calls.ts';
import type { BenchmarkScore } from '../../../shared/domain/benchmark-run.ts';
import type { AppError } from '../../../shared/errors/app-error.ts';
import { useCore } from '../../bridge/core-context.tsx';

export interface FoundScores {
  /** In the order of the ids; those that are gone are left out. */
  readonly scores: readonly BenchmarkScore[];
  readonly isLoading: boolean;
  readonly error: AppError | null;
}

/** A score's id is its run's with a number. */
export const runOfScore = (score: string): string => score.slice(0, Math.max(0, score.lastIndexOf('.')));

export function useScores(ids: readonly string[]): FoundScores {
  const { client } = useCore();
  const runs = [...new Set(ids.map(runOfScore))];
  return useQueries({
    queries: runs.map((run) => ({
      queryKey: ['benchmarks.get', { run }],
      queryFn: (): Promise<OutputOf<'benchmarks.get'>> => client.call('benchmarks.get', { run }),
    })),
    combine: (results) => {
      const known = new Map(results.flatMap(({ data }) => data?.scores ?? []).map((score) => [score.score, score]));
      return {
        scores: ids.flatMap((id) => known.get(id) ?? []),
        isLoading: results.some(({ isPending }) => isPending),
        // Only what the core throws comes here.
        error: (results.find(({ error }) => error !== null)?.error as AppError | undefined) ?? null,
      };
    },
  });
}
