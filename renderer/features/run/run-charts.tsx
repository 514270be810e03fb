/** The curves of a run. */
import { useMemo, useRef, useState, type Ref, type RefObject } from 'react';
import { ZoomIn, ZoomOut, Maximize2 } from 'lucide-react';
import type { RunDetails } from '../../../shared/contracts/run-calls.ts';
import { formatBytes, formatCount, formatNumber } from '../../../shared/text/format.ts';
import { useSeries, useSeriesStore, type RunSeries, type StepColumn } from '../../bridge/run-series.ts';
import { LineChart, type LineChartHandle, type LineSeries } from '../../charts/line-chart.tsx';
import { Smoother } from '../../charts/smooth.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { RangeField } from '../../components/range-field.tsx';
import { SwitchField } from '../../components/field.tsx';
import { Legend, Swatch } from '../../components/legend.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, Loading } from '../../components/states.tsx';
import { Toolbar } from '../../components/toolbar.tsx';
import { texts } from '../../texts/texts.ts';
import { runTitle } from '../runs/run-title.ts';
import { savePicture, saveText } from './save-file.ts';
import { seriesToCsv } from './series-to-csv.ts';
import styles from './run-charts.module.css';

const words = texts.runs.run;

/** Redrawn with every step; what stands around it is not. */
export function RunCharts({ details }: { readonly details: RunDetails }) {
  const hasSteps = useSeriesStore(({ byRun }) => (byRun[details.run]?.table.length ?? 0) > 0);
  const isLoaded = useSeriesStore(({ byRun }) => byRun[details.run] !== undefined);
  if (!isLoaded) return <Loading />;
  if (!hasSteps) return <Empty title={words.noSteps} />;
  const { run } = details;
  return (
    <>
      <LossPanel details={details} />
      <div className={styles['grid']}>
        <Small title={words.learningRate} column="learning_rate" run={run} format={formatRate} color={2} />
        <Small title={words.gradNorm} column="grad_norm" run={run} format={formatNumber} color={3} />
        <Small title={words.tokensPerSecond} column="tokens_per_second" run={run} format={formatCount} color={6} />
        <Small title={words.memory} column="rss_bytes" run={run} format={formatBytes} color={4} />
      </div>
    </>
  );
}

const formatRate = (value: number): string => value.toExponential(1);

function LossPanel({ details }: { readonly details: RunDetails }) {
  const chart = useRef<LineChartHandle>(null);
  const [weight, setWeight] = useState(() => usualWeight(details));
  const [isLog, setLog] = useState(false);
  return (
    <Panel title={words.loss} actions={<ChartActions chart={chart} details={details} />}>
      <LossChart ref={chart} run={details.run} weight={weight} isLog={isLog} />
      <Toolbar>
        <Curves run={details.run} hasSmoothed={weight > 0} />
        <Toolbar.End>
          <RangeField label={words.smoothing} value={weight} onChange={setWeight} min={0} max={0.99} step={0.01} />
          <SwitchField label={words.logAxis} value={isLog} onChange={setLog} />
        </Toolbar.End>
      </Toolbar>
      <p className={styles['hint']}>{words.zoomHint}</p>
    </Panel>
  );
}

/** A short run would lag behind itself. */
const usualWeight = ({ steps }: RunDetails): number => (steps !== null && steps < 200 ? 0.6 : 0.9);

function ChartActions({ chart, details }: { readonly chart: RefObject<LineChartHandle | null>; readonly details: RunDetails }) {
  const title = runTitle(details);
  const saveCsv = (): void => {
    const series = useSeriesStore.getState().byRun[details.run];
    if (series !== undefined) saveText(`${title}.csv`, seriesToCsv(series), 'text/csv');
  };
  return (
    <>
      <IconButton label={words.zoomIn} onPress={() => chart.current?.zoom(1.6)}>
        <ZoomIn aria-hidden />
      </IconButton>
      <IconButton label={words.zoomOut} onPress={() => chart.current?.zoom(0.6)}>
        <ZoomOut aria-hidden />
      </IconButton>
      <IconButton label={words.zoomReset} onPress={() => chart.current?.reset()}>
        <Maximize2 aria-hidden />
      </IconButton>
      <Button small onPress={() => savePicture(`${title}.png`, chart.current?.picture() ?? '')}>
        {words.png}
      </Button>
      <Button small onPress={saveCsv}>
        {words.csv}
      </Button>
    </>
  );
}

interface LossChartProps {
  readonly run: string;
  readonly weight: number;
  readonly isLog: boolean;
  readonly ref: Ref<LineChartHandle>;
}

function LossChart({ run, weight, isLog, ref }: LossChartProps) {
  const series = useSeries(run);
  const smoother = useMemo(() => new Smoother(weight), [weight]);
  if (series === undefined) return null;
  return (
    <LineChart
      ref={ref}
      height={320}
      label={sentence(words.loss, series, 'loss', formatNumber)}
      series={lossLines(series, weight > 0 ? smoother : null)}
      format={formatNumber}
      isLog={isLog}
    />
  );
}

/** The table is changed in place; a new `series` says that it was. */
function lossLines({ table, evaluations }: RunSeries, smoother: Smoother | null): readonly LineSeries[] {
  const [xs, loss] = [table.column('step'), table.column('loss')];
  const raw = { label: words.loss, xs, ys: loss, color: 0, faint: smoother !== null };
  const smoothed = smoother === null ? [] : [{ label: words.smoothed, xs, ys: smoother.smooth(loss), color: 0 }];
  const held = { label: words.evaluation, xs: evaluations.map(({ step }) => step), ys: evaluations.map(({ eval_loss }) => eval_loss), color: 1, dots: true };
  return [raw, ...smoothed, ...(evaluations.length > 0 ? [held] : [])];
}

function Curves({ run, hasSmoothed }: { readonly run: string; readonly hasSmoothed: boolean }) {
  const hasHeldOut = useSeriesStore(({ byRun }) => (byRun[run]?.evaluations.length ?? 0) > 0);
  const lines = [
    { label: words.loss, color: 1, opacity: hasSmoothed ? 0.4 : 1 },
    ...(hasSmoothed ? [{ label: words.smoothed, color: 1, opacity: 1 }] : []),
    ...(hasHeldOut ? [{ label: words.evaluation, color: 2, opacity: 1 }] : []),
  ];
  return (
    <Legend>
      {lines.map(({ label, color, opacity }) => (
        <li key={label}>
          <Swatch shape="line" color={`var(--series-${color})`} opacity={opacity} />
          {label}
        </li>
      ))}
    </Legend>
  );
}

interface SmallProps {
  readonly title: string;
  readonly column: StepColumn;
  readonly run: string;
  readonly format: (value: number) => string;
  readonly color: number;
}

/** Beside the loss these may lag a little. */
const restMs = 1_000;

const Small = (props: SmallProps) => (
  <Panel title={props.title}>
    <SmallChart {...props} />
  </Panel>
);

function SmallChart({ title, column, run, format, color }: SmallProps) {
  const series = useSeries(run);
  if (series === undefined) return null;
  const lines = [{ label: title, xs: series.table.column('step'), ys: series.table.column(column), color }];
  return <LineChart height={160} restMs={restMs} label={sentence(title, series, column, format)} series={lines} format={format} />;
}

function sentence(what: string, { table }: RunSeries, column: StepColumn, format: (value: number) => string): string {
  const values = table.column(column);
  return words.chart(what, format(values[0] ?? 0), format(values.at(-1) ?? 0), formatCount(values.length));
}
