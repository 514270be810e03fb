/** Benchmark runs that are at work, each in a line: how far, how long still. */
import { Link } from 'react-aria-components';
import type { BenchmarkRun } from '../../../shared/contracts/benchmark-calls.ts';
import { formatSeconds } from '../../../shared/text/format.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { BenchmarkBadge } from '../../components/badge.tsx';
import { Progress } from '../../components/progress.tsx';
import { texts } from '../../texts/texts.ts';
import { benchmarkRunPath } from './benchmark-paths.ts';
import { benchmarkTitle } from './benchmark-title.ts';
import { runProgress } from './run-progress.ts';
import styles from './benchmarks.module.css';

const words = texts.benchmarks;

export function ActiveBenchmark({ run }: { readonly run: BenchmarkRun }) {
  const details = useCall('benchmarks.get', { run: run.run });
  const title = benchmarkTitle(run);
  return (
    <div className={styles['active']}>
      <div className={styles['title']}>
        <Link href={benchmarkRunPath(run.run)}>{title}</Link>
        <BenchmarkBadge state={run.state} />
      </div>
      <div className={styles['progress']}>
        <Progress label={title} value={details.data === undefined ? null : runProgress(details.data.scores)} />
        <span className="muted numeric">
          {[words.overview.made(run.done, run.total), run.eta_seconds === null ? null : words.run.leftOf(formatSeconds(run.eta_seconds))]
            .filter((part) => part !== null)
            .join(' · ')}
        </span>
      </div>
    </div>
  );
}
