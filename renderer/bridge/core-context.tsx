/** The core in React: what it knows as queries, what it does as actions. */
import { QueryClient, keepPreviousData, useMutation, useQuery, useQueryClient, type UseMutationResult, type UseQueryResult } from '@tanstack/react-query';
import { createContext, use } from 'react';
import type { CallName, InputOf, OutputOf } from '../../shared/contracts/calls.ts';
import type { PageBridge } from '../../shared/contracts/page-bridge.ts';
import { isAppError, type AppError } from '../../shared/errors/app-error.ts';
import type { CoreClient } from './core-client.ts';

export interface Core {
  readonly client: CoreClient;
  /** What only the window can do; null in a browser. */
  readonly shell: PageBridge | null;
}

export const CoreContext = createContext<Core | null>(null);

export function useCore(): Core {
  const core = use(CoreContext);
  if (core === null) throw new Error('the page is shown outside its frame');
  return core;
}

/** What failed because of its input fails again; what failed on the way is tried again. */
const isWorthRetrying = (failures: number, error: Error): boolean => failures < 3 && (isAppError(error, 'HOST_GONE') || isAppError(error, 'HOST_ENDING'));

/** Kept until an event says that it changed (follow-events.ts). */
export const newQueryClient = (): QueryClient =>
  new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, retry: isWorthRetrying, refetchOnWindowFocus: false } } });

export interface CallOptions {
  /** false: not asked (yet). */
  readonly enabled?: boolean;
  /** Show what was there for the input before, until the new answer comes. */
  readonly keepPrevious?: boolean;
  readonly refetchMs?: number;
}

/** The answer of a call that changes nothing. */
export function useCall<N extends CallName>(name: N, input: InputOf<N>, options: CallOptions = {}): UseQueryResult<OutputOf<N>, AppError> {
  const { client } = useCore();
  const { enabled = true, keepPrevious = false, refetchMs } = options;
  const query = useQuery<unknown, AppError>({
    queryKey: [name, input],
    queryFn: () => client.call(name, input),
    enabled,
    ...(keepPrevious && { placeholderData: keepPreviousData }),
    ...(refetchMs !== undefined && { refetchInterval: refetchMs }),
  });
  // The key names the call, so what lies under it is that call's answer.
  return query as UseQueryResult<OutputOf<N>, AppError>;
}

/** A call that changes something; what it changed arrives as an event, or is named here and asked for anew. */
export function useAct<N extends CallName>(name: N, changes: readonly CallName[] = []): UseMutationResult<OutputOf<N>, AppError, InputOf<N>> {
  const { client } = useCore();
  const queries = useQueryClient();
  return useMutation<OutputOf<N>, AppError, InputOf<N>>({
    mutationFn: (input) => client.call(name, input),
    onSuccess: async () => {
      await Promise.all(changes.map((changed) => queries.invalidateQueries({ queryKey: [changed] })));
    },
  });
}
