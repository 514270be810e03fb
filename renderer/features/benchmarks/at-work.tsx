/** Benchmark runs that are at work, each in a line: how far, how long still. */
import type { BenchmarkRun } from '../../../shared/contracts/benchmark-calls.ts';
import { formatSeconds } from '../../../shared/text/format.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { BenchmarkBadge } from '../../components/badge.tsx';
import { WorkRow } from '../../components/work-row.tsx';
import { texts } from '../../texts/texts.ts';
import { benchmarkRunPath } from './benchmark-paths.ts';
import { benchmarkTitle } from './benchmark-title.ts';
import { runProgress } from './run-progress.ts';

const words = texts.benchmarks;

export function ActiveBenchmark({ run }: { readonly run: BenchmarkRun }) {
  const details = useCall('benchmarks.get', { run: run.run });
  return (
    <WorkRow
      title={benchmarkTitle(run)}
      href={benchmarkRunPath(run.run)}
      badge={<BenchmarkBadge state={run.state} />}
      done={details.data === undefined ? null : runProgress(details.data.scores)}
      facts={[words.overview.made(run.done, run.total), run.eta_seconds === null ? null : words.run.leftOf(formatSeconds(run.eta_seconds))]}
    />
  );
}
