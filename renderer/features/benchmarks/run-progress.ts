/** How far a benchmark run is, scores that are half done counted by their items; and how quick a score goes. */
import type { BenchmarkScore } from '../../../shared/domain/benchmark-run.ts';

/** 0 to 1. */
export function runProgress(scores: readonly BenchmarkScore[]): number {
  const parts = scores.map(({ state, done, total }) => (state === 'done' ? 1 : total === null || total === 0 ? 0 : done / total));
  return parts.length === 0 ? 0 : parts.reduce((sum, part) => sum + part, 0) / parts.length;
}

/** Items a second: of a score that is done as measured, of one at work as its time left says; null: nobody knows. */
export function itemRate({ state, done, total, eta_seconds: eta, result }: BenchmarkScore): number | null {
  if (result !== null) return result.items_per_second;
  return state !== 'running' || total === null || eta === null || eta <= 0 ? null : (total - done) / eta;
}
