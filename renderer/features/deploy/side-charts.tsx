/** How the new version and the one before do on the same requests: times and failures, side by side, as they come in. */
import { formatPercent, formatSeconds } from '../../../shared/text/format.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { LineChart, type Along, type LineSeries } from '../../charts/line-chart.tsx';
import { seriesVariable } from '../../charts/colors.ts';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Loaded } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { seriesOf, sides, type SideSeries } from './sample-series.ts';
import styles from './deploy.module.css';

const words = texts.deploy.page;
const names = { new: words.newSide, previous: words.previousSide } as const;
const along: Along = { tick: formatSeconds, title: (seconds) => words.at(formatSeconds(seconds)) };
const fromZero = [0, 1] as const;
const toATenth = [0, 0.1] as const;
const chartHeight = 160;
const restMs = 500;

const timeText = (ms: number): string => (ms < 1_000 ? `${Math.round(ms)} ms` : formatSeconds(ms / 1_000));
const orNone = (ms: number | null): string => (ms === null ? '—' : timeText(ms));

export function SideCharts({ deployment }: { readonly deployment: string }) {
  const samples = useCall('deployments.samples', { deployment });
  return (
    <Panel title={words.looks}>
      <Loaded query={samples}>{({ samples: known }) => <Sides series={seriesOf(known)} />}</Loaded>
    </Panel>
  );
}

function Sides({ series }: { readonly series: readonly SideSeries[] }) {
  if (series.length === 0)
    return (
      <p className="muted">
        {words.noSamples}. {words.noSamplesText}
      </p>
    );
  const times: readonly LineSeries[] = series.map(({ side, latencies: { xs, ms } }) => ({ ...lineOf(side), xs, ys: ms }));
  const failures: readonly LineSeries[] = series.map(({ side, xs, failures: ys }) => ({ ...lineOf(side), xs, ys }));
  return (
    <div className={styles['column']}>
      <div className={styles['charts']}>
        <Chart title={words.latency} label={series.map(timeSentence).join('; ')} series={times} format={timeText} atLeast={fromZero} />
        <Chart title={words.errors} label={series.map(failureSentence).join('; ')} series={failures} format={formatPercent} atLeast={toATenth} />
      </div>
      <Figures series={series} />
    </div>
  );
}

const lineOf = (side: SideSeries['side']): Pick<LineSeries, 'label' | 'color' | 'dots'> => ({ label: names[side], color: sides.indexOf(side), dots: true });
const timeSentence = ({ side, p50, requests }: SideSeries): string => words.latencyChart(names[side], orNone(p50), requests);
const failureSentence = ({ side, failed, requests }: SideSeries): string => words.errorChart(names[side], formatPercent(failed / requests));

interface ChartProps {
  readonly title: string;
  readonly label: string;
  readonly series: readonly LineSeries[];
  readonly format: (value: number) => string;
  readonly atLeast: readonly [from: number, to: number];
}

const Chart = ({ title, label, ...chart }: ChartProps) => (
  <section aria-label={title}>
    <h3>{title}</h3>
    <LineChart {...chart} label={`${title}. ${label}`} along={along} height={chartHeight} restMs={restMs} />
  </section>
);

const Figures = ({ series }: { readonly series: readonly SideSeries[] }) => (
  <>
    <PlainTable label={words.looks} columns={words.sides}>
      {series.map(({ side, requests, failed, p50, p95 }) => (
        <tr key={side}>
          <th scope="row">
            <span className={styles['swatch']} style={{ background: seriesVariable(sides.indexOf(side)) }} aria-hidden />
            {names[side]}
          </th>
          <td className="numeric">{requests}</td>
          <td className="numeric">{failed}</td>
          <td className="numeric">{orNone(p50)}</td>
          <td className="numeric">{orNone(p95)}</td>
        </tr>
      ))}
    </PlainTable>
    {series.map(
      ({ side, lastProblem }) =>
        lastProblem !== null && (
          <p key={side} className={styles['problem']}>
            {words.lastProblem}, {names[side]}: {lastProblem}
          </p>
        ),
    )}
  </>
);
