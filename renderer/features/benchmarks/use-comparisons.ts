/** Comparisons that a view needs, by the score that is compared with its base's. */
import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { OutputOf } from '../../../shared/contracts/calls.ts';
import type { PairedComparison } from '../../../shared/domain/benchmark-comparison.ts';
import type { AppError } from '../../../shared/errors/app-error.ts';
import { useCore } from '../../bridge/core-context.tsx';
import type { AgainstBase } from './score-matrix.ts';

/** As many as one call takes, its base not counted. */
const mostOthers = 19;

export interface Comparisons {
  readonly byScore: ReadonlyMap<string, PairedComparison>;
  readonly isLoading: boolean;
  readonly error: AppError | null;
}

export function useComparisons(pairs: readonly AgainstBase[]): Comparisons {
  const { client } = useCore();
  const inputs = useMemo(() => pairs.flatMap(inCalls), [pairs]);
  return useQueries({
    queries: inputs.map((input) => ({
      queryKey: ['benchmarks.compare', input],
      queryFn: (): Promise<OutputOf<'benchmarks.compare'>> => client.call('benchmarks.compare', input),
    })),
    combine: (results) => ({
      byScore: new Map(results.flatMap(({ data }) => data?.comparisons ?? []).map((each) => [each.other, each])),
      isLoading: results.some(({ isPending }) => isPending),
      // Only what the core throws comes here.
      error: (results.find(({ error }) => error !== null)?.error as AppError | undefined) ?? null,
    }),
  });
}

const inCalls = ({ base, others }: AgainstBase): readonly { readonly scores: string[] }[] =>
  Array.from({ length: Math.ceil(others.length / mostOthers) }, (_, call) => ({
    scores: [base, ...others.slice(call * mostOthers, (call + 1) * mostOthers)],
  }));
