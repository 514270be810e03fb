/** What a run told besides its figures, page by page from the store; asked again when the run changes. */
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { OutputOf } from '../../../shared/contracts/calls.ts';
import type { AppError } from '../../../shared/errors/app-error.ts';
import { useCore } from '../../bridge/core-context.tsx';
import type { CoreClient } from '../../bridge/core-client.ts';

export type RunLine = OutputOf<'runs.lines'>['lines'][number];

const pageSize = 1_000;

export function useRunLines(run: string): UseQueryResult<readonly RunLine[], AppError> {
  const { client } = useCore();
  const query = useQuery<readonly RunLine[], AppError>({ queryKey: ['runs.lines', { run }], queryFn: () => allLines(client, run) });
  const { refetch } = query;
  useEffect(
    () =>
      client.onEvent((event) => {
        if (event.event === 'run.logged' && event.data.run === run && event.data.lines.some((line) => line.event !== 'step')) void refetch();
      }),
    [client, run, refetch],
  );
  return query;
}

async function allLines(client: CoreClient, run: string): Promise<readonly RunLine[]> {
  const all: RunLine[] = [];
  for (;;) {
    const { lines, more } = await client.call('runs.lines', { run, after: all.at(-1)?.line ?? 0, limit: pageSize });
    all.push(...lines);
    if (!more || lines.length === 0) return all;
  }
}
