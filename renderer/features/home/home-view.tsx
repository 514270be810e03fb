/** Home: what runs, what waits for a decision, how to begin. */
import { useNavigate } from 'react-router';
import type { Run } from '../../../shared/contracts/run-calls.ts';
import { benchmarkIsActive } from '../../../shared/domain/benchmark-run.ts';
import { isActive } from '../../../shared/domain/run-state.ts';
import { useAct, useCall } from '../../bridge/core-context.tsx';
import { Button, LinkButton } from '../../components/button.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Loaded } from '../../components/states.tsx';
import { sayFailed } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import { ActiveBenchmark } from '../benchmarks/at-work.tsx';
import { RunsTable } from '../runs/runs-table.tsx';
import { ActiveRun } from './active-run.tsx';
import { Decisions } from './decisions.tsx';
import styles from './home-view.module.css';

const shownRuns = 6;

export function View() {
  const runs = useCall('runs.list', { limit: 50 });
  return (
    <Page
      title={texts.home.title}
      actions={
        <LinkButton to="/runs/new" look="primary">
          {texts.home.newRun}
        </LinkButton>
      }
    >
      <Loaded query={runs}>
        {({ runs: list }) => (
          <>
            {list.length === 0 && <Start />}
            <AtWork runs={list} />
            <div className={styles['columns']}>
              <Panel title={texts.home.decisions}>
                <Decisions runs={list} />
              </Panel>
              {list.length > 0 && <StartAgain />}
            </div>
            {list.length > 0 && (
              <Panel
                title={texts.home.latest}
                flush
                actions={
                  <LinkButton look="quiet" small to="/runs">
                    {texts.home.all}
                  </LinkButton>
                }
              >
                <RunsTable runs={list.slice(0, shownRuns)} />
              </Panel>
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function AtWork({ runs }: { readonly runs: readonly Run[] }) {
  const active = runs.filter(({ state }) => isActive(state));
  const queued = runs.filter(({ state }) => state === 'queued').length;
  const scoring = useCall('benchmarks.list', { state: ['queued', 'running'] }).data?.runs.filter(({ state }) => benchmarkIsActive(state)) ?? [];
  return (
    <Panel title={texts.home.running}>
      {active.length + scoring.length === 0 && <p className="muted">{texts.home.nothingRuns}</p>}
      {active.map((run) => (
        <ActiveRun key={run.run} run={run} />
      ))}
      {scoring.map((run) => (
        <ActiveBenchmark key={run.run} run={run} />
      ))}
      {queued > 0 && <p className="muted">{texts.home.queued(queued)}</p>}
    </Panel>
  );
}

function useDemo() {
  const about = useCall('host.about', {});
  const start = useAct('runs.start');
  const navigate = useNavigate();
  const begin = async (): Promise<void> => {
    if (about.data === undefined) return;
    const { config, name } = about.data.demo;
    try {
      const { run } = await start.mutateAsync({ config, name, register: { name } });
      await navigate(`/runs/${run}`);
    } catch (error) {
      sayFailed(error);
    }
  };
  return { begin: () => void begin(), isReady: about.data !== undefined && !start.isPending };
}

function Start() {
  const { begin, isReady } = useDemo();
  return (
    <section className={styles['start']}>
      <h2>{texts.home.startTitle}</h2>
      <p>{texts.home.startText}</p>
      <div className={styles['buttons']}>
        <Button look="primary" onPress={begin} isDisabled={!isReady}>
          {texts.home.startDemo}
        </Button>
        <LinkButton to="/runs/new">{texts.home.newRun}</LinkButton>
      </div>
    </section>
  );
}

function StartAgain() {
  const { begin, isReady } = useDemo();
  return (
    <Panel title={texts.home.startAgain}>
      <p className="muted">{texts.home.startText}</p>
      <div className={styles['buttons']}>
        <Button onPress={begin} isDisabled={!isReady}>
          {texts.home.startDemo}
        </Button>
      </div>
    </Panel>
  );
}
