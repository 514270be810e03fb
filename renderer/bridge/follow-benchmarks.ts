/** Benchmarks as they go on: what moves every second is put in its place, and only a change of state asks the core again. */
import type { QueryClient } from '@tanstack/react-query';
import type { BenchmarkRun } from '../../shared/contracts/benchmark-calls.ts';
import type { OutputOf } from '../../shared/contracts/calls.ts';
import type { BenchmarkScore } from '../../shared/domain/benchmark-run.ts';
import { invalidate } from './invalidate.ts';

export function benchmarkChanged(run: BenchmarkRun, queries: QueryClient): void {
  const lists = queries.getQueriesData<OutputOf<'benchmarks.list'>>({ queryKey: ['benchmarks.list'] });
  const before = lists.flatMap(([, list]) => list?.runs ?? []).find((each) => each.run === run.run);
  queries.setQueriesData<OutputOf<'benchmarks.list'>>(
    { queryKey: ['benchmarks.list'] },
    (list) => list && { ...list, runs: list.runs.map((each) => (each.run === run.run ? run : each)) },
  );
  queries.setQueriesData<OutputOf<'benchmarks.get'>>({ queryKey: ['benchmarks.get', { run: run.run }] }, (details) => details && { ...details, ...run });
  if (before?.state === run.state) return;
  invalidate(queries, 'benchmarks.list');
  void queries.invalidateQueries({ queryKey: ['benchmarks.get', { run: run.run }] });
}

export function benchmarkScored(score: BenchmarkScore, queries: QueryClient): void {
  queries.setQueriesData<OutputOf<'benchmarks.get'>>(
    { queryKey: ['benchmarks.get', { run: score.run }] },
    (details) => details && { ...details, scores: details.scores.map((each) => (each.score === score.score ? score : each)) },
  );
  if (score.state === 'waiting' || score.state === 'running') return;
  for (const call of ['benchmarks.scores', 'gates.evaluate']) invalidate(queries, call);
}
