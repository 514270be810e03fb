/** One benchmark run: how far it is, its scores as they come, what went wrong; and what can be done with it. */
import { Link } from 'react-aria-components';
import { useParams } from 'react-router';
import type { BenchmarkRunDetails } from '../../../shared/contracts/benchmark-calls.ts';
import { benchmarkIsActive } from '../../../shared/domain/benchmark-run.ts';
import { fromWireError } from '../../../shared/errors/wire-error.ts';
import { formatCount, formatNumber, formatSeconds } from '../../../shared/text/format.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { BenchmarkBadge } from '../../components/badge.tsx';
import { Figure, Figures } from '../../components/facts.tsx';
import { LoadedEntry } from '../../components/entry.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Progress } from '../../components/progress.tsx';
import { Failure } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { texts } from '../../texts/texts.ts';
import { BenchmarkRunActions } from './benchmark-run-actions.tsx';
import { benchmarkTitle } from './benchmark-title.ts';
import { schedulePath } from './benchmark-paths.ts';
import { runList } from './entry-lists.ts';
import { DropsList } from './drops-list.tsx';
import { itemRate, runProgress } from './run-progress.ts';
import { ScoresTable } from './scores-table.tsx';
import { settingsText } from './score-words.ts';

const words = texts.benchmarks.run;

export function View() {
  const { run = '' } = useParams();
  const details = useCall('benchmarks.get', { run });
  return (
    <LoadedEntry query={details} name={run} list={runList}>
      {(data) => <RunPage key={run} details={data} />}
    </LoadedEntry>
  );
}

const RunPage = ({ details }: { readonly details: BenchmarkRunDetails }) => (
  <Page
    title={benchmarkTitle(details)}
    above={<Link href="/benchmarks">{texts.benchmarks.title}</Link>}
    below={
      <>
        <BenchmarkBadge state={details.state} />
        <span>{settingsText(details.request)}</span>
        <Time at={details.created} />
        {details.schedule !== null && <Link href={schedulePath(details.schedule.name)}>{words.slot(details.schedule.name)}</Link>}
      </>
    }
    actions={<BenchmarkRunActions details={details} />}
  >
    {details.error !== null && <Failure error={fromWireError(details.error)} />}
    <RunFigures details={details} />
    {details.drops.length > 0 && (
      <Panel title={words.drops}>
        <DropsList drops={details.drops} />
      </Panel>
    )}
    <Panel title={words.scores}>
      <ScoresTable scores={details.scores} />
    </Panel>
  </Page>
);

function RunFigures({ details }: { readonly details: BenchmarkRunDetails }) {
  const { scores, done, total, state, eta_seconds: eta } = details;
  const items = scores.reduce((sum, score) => sum + score.done, 0);
  const rate = scores.filter((score) => score.state === 'running').reduce((sum, score) => sum + (itemRate(score) ?? 0), 0);
  const took = tookSeconds(details);
  const isActive = benchmarkIsActive(state);
  return (
    <Figures>
      <Figure name={words.done} value={`${done} / ${total}`} note={<Progress label={words.done} value={runProgress(scores)} />} />
      <Figure name={words.items} value={formatCount(items)} />
      {isActive ? (
        <>
          <Figure name={words.rate} value={rate === 0 ? '—' : formatNumber(Number(rate.toPrecision(3)))} />
          <Figure name={words.left} value={eta === null ? '—' : formatSeconds(eta)} />
        </>
      ) : (
        <Figure name={words.took} value={took === null ? '—' : formatSeconds(took)} />
      )}
    </Figures>
  );
}

const tookSeconds = ({ started, ended }: BenchmarkRunDetails): number | null =>
  started === null || ended === null ? null : (Date.parse(ended) - Date.parse(started)) / 1_000;
