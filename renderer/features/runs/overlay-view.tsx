/** Runs laid over each other: their curves in one picture, and only those settings in which they differ. */
import { useQueries } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { Link } from 'react-aria-components';
import { useSearchParams } from 'react-router';
import type { RunDetails } from '../../../shared/contracts/run-calls.ts';
import { formatNumber } from '../../../shared/text/format.ts';
import { useCore } from '../../bridge/core-context.tsx';
import { loadSeries, useSeriesStore, type RunSeries } from '../../bridge/run-series.ts';
import { seriesVariable } from '../../charts/colors.ts';
import { LineChart, type LineSeries } from '../../charts/line-chart.tsx';
import { smooth } from '../../charts/smooth.ts';
import { Legend, Swatch } from '../../components/legend.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { sayFailed } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import { differences } from './differences.ts';
import { runTitle } from './run-title.ts';

const words = texts.runs.overlay;
const weight = 0.9;

export function View() {
  const [params] = useSearchParams();
  const ids = useMemo(() => (params.get('runs') ?? '').split(',').filter((id) => id !== ''), [params]);
  const { client } = useCore();
  const details = useQueries({
    queries: ids.map((run) => ({ queryKey: ['runs.get', { run }], queryFn: (): Promise<RunDetails> => client.call('runs.get', { run }) })),
    combine: (results) => results.map(({ data }) => data).filter((data) => data !== undefined),
  });
  useEffect(() => ids.forEach((run) => void loadSeries(client, run).catch(sayFailed)), [client, ids]);
  const byRun = useSeriesStore((state) => state.byRun);
  const held = useMemo(() => lines(details, byRun, heldOutLine), [details, byRun]);
  const training = useMemo(() => lines(details, byRun, lossLine), [details, byRun]);
  return (
    <Page title={words.title} above={<Link href="/runs">{words.back}</Link>}>
      <Legend look="plain">
        {details.map((run, index) => (
          <li key={run.run}>
            <Swatch shape="line" color={seriesVariable(index)} />
            <Link href={`/runs/${run.run}`}>{runTitle(run)}</Link>
          </li>
        ))}
      </Legend>
      <Panel title={`${texts.runs.run.loss} (${texts.runs.run.smoothed})`}>
        <LineChart height={340} label={titleOf(texts.runs.run.loss, details)} series={training} format={formatNumber} />
      </Panel>
      {held.length > 0 && (
        <Panel title={texts.runs.columns.evalLoss}>
          <LineChart height={240} label={titleOf(texts.runs.columns.evalLoss, details)} series={held} format={formatNumber} />
        </Panel>
      )}
      <Panel title={words.differences}>
        <Differences runs={details} />
      </Panel>
    </Page>
  );
}

const titleOf = (what: string, runs: readonly RunDetails[]): string => `${what}: ${runs.map(runTitle).join(', ')}`;

type ToLine = (series: RunSeries) => Pick<LineSeries, 'xs' | 'ys' | 'dots'> | null;

const lines = (runs: readonly RunDetails[], byRun: Readonly<Record<string, RunSeries>>, toLine: ToLine): readonly LineSeries[] =>
  runs.flatMap((run, color) => {
    const series = byRun[run.run];
    const line = series === undefined ? null : toLine(series);
    return line === null ? [] : [{ label: runTitle(run), color, ...line }];
  });

const lossLine: ToLine = ({ table }) => ({ xs: table.column('step'), ys: smooth(table.column('loss'), weight) });
const heldOutLine: ToLine = ({ evaluations }) =>
  evaluations.length === 0 ? null : { xs: evaluations.map(({ step }) => step), ys: evaluations.map((each) => each.eval_loss), dots: true };

function Differences({ runs }: { readonly runs: readonly RunDetails[] }) {
  const rows = differences(runs.map(({ request }) => request.config));
  if (rows.length === 0) return <p className="muted">{words.noDifferences}</p>;
  return (
    <PlainTable label={words.differences} columns={[words.field, ...runs.map(runTitle)]}>
      {rows.map(({ field, values }) => (
        <tr key={field}>
          <th scope="row" className="mono">
            {field}
          </th>
          {values.map((value, index) => (
            <td key={runs[index]?.run ?? index}>{value ?? words.absent}</td>
          ))}
        </tr>
      ))}
    </PlainTable>
  );
}
