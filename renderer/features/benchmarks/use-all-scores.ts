/** All scores that fit a filter, page after page. */
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { InputOf } from '../../../shared/contracts/calls.ts';
import type { BenchmarkScore } from '../../../shared/domain/benchmark-run.ts';
import type { AppError } from '../../../shared/errors/app-error.ts';
import type { CoreClient } from '../../bridge/core-client.ts';
import { useCore } from '../../bridge/core-context.tsx';

type Filter = Omit<InputOf<'benchmarks.scores'>, 'limit' | 'after'>;
const pageSize = 1_000;

/** Newest first. The key begins with the call's name, so that events ask for it anew. */
export function useAllScores(filter: Filter): UseQueryResult<readonly BenchmarkScore[], AppError> {
  const { client } = useCore();
  return useQuery<readonly BenchmarkScore[], AppError>({ queryKey: ['benchmarks.scores', filter, 'all'], queryFn: () => allScores(client, filter) });
}

export async function allScores(client: Pick<CoreClient, 'call'>, filter: Filter): Promise<readonly BenchmarkScore[]> {
  const all: BenchmarkScore[] = [];
  for (let after: string | null = null; ;) {
    const { scores, next }: { scores: BenchmarkScore[]; next: string | null } = await client.call('benchmarks.scores', { ...filter, limit: pageSize, after });
    all.push(...scores);
    if (next === null) return all;
    after = next;
  }
}
