/** Benchmarks: what is scored and how it compares, what is at work, what runs by the clock. */
import { useMemo } from 'react';
import type { BenchmarkRun } from '../../../shared/contracts/benchmark-calls.ts';
import { benchmarkIsActive } from '../../../shared/domain/benchmark-run.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { LinkButton } from '../../components/button.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { ActiveBenchmark } from './at-work.tsx';
import { newBenchmarkPath } from './benchmark-paths.ts';
import { DropsList } from './drops-list.tsx';
import { openDrops } from './open-drops.ts';
import { RecentRuns } from './recent-runs.tsx';
import { SchedulesPanel } from './schedules-panel.tsx';
import { isDone } from './score-matrix.ts';
import { ScoresPanel } from './scores-panel.tsx';
import { TaskList } from './task-list.tsx';
import { useAllScores } from './use-all-scores.ts';
import styles from './benchmarks.module.css';

const words = texts.benchmarks;
const [mostRuns, shownRuns] = [100, 8];

export function View() {
  const scores = useAllScores({ latest: true });
  const runs = useCall('benchmarks.list', { limit: mostRuns });
  const done = useMemo(() => scores.data?.filter(isDone) ?? [], [scores.data]);
  return (
    <Page
      title={words.title}
      actions={
        <>
          {done.length > 0 && <LinkButton to="/benchmarks/trend">{words.trend}</LinkButton>}
          <LinkButton to="/benchmarks/schedules">{words.schedules}</LinkButton>
          <LinkButton look="primary" to={newBenchmarkPath()}>
            {words.start}
          </LinkButton>
        </>
      }
    >
      <Loaded query={scores}>
        {() => (
          <Loaded query={runs}>
            {({ runs: list }) => (
              <>
                <Drops runs={list} />
                <AtWork runs={list} />
                {done.length === 0 ? <Nothing /> : <ScoresPanel scores={done} />}
                {list.length > 0 && (
                  <div className={styles['columns']}>
                    <RecentRuns runs={list.slice(0, shownRuns)} />
                    <SchedulesPanel />
                  </div>
                )}
                <TaskList isOpen={done.length === 0} />
              </>
            )}
          </Loaded>
        )}
      </Loaded>
    </Page>
  );
}

function Drops({ runs }: { readonly runs: readonly BenchmarkRun[] }) {
  const drops = openDrops(runs);
  if (drops.length === 0) return null;
  return (
    <Panel title={words.overview.drops}>
      <DropsList drops={drops.map(({ drop }) => drop)} />
    </Panel>
  );
}

function AtWork({ runs }: { readonly runs: readonly BenchmarkRun[] }) {
  const active = runs.filter(({ state }) => benchmarkIsActive(state));
  if (active.length === 0) return null;
  return (
    <Panel title={words.overview.running}>
      {active.map((run) => (
        <ActiveBenchmark key={run.run} run={run} />
      ))}
    </Panel>
  );
}

const Nothing = () => (
  <Panel>
    <Empty
      title={words.overview.empty}
      action={
        <LinkButton look="primary" to={newBenchmarkPath()}>
          {words.start}
        </LinkButton>
      }
    >
      {words.overview.emptyText}
    </Empty>
  </Panel>
);
