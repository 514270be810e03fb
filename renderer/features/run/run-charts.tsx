/** The curves of a run. */
import { useMemo, useRef, useState } from 'react';
import { ZoomIn, ZoomOut, Maximize2 } from 'lucide-react';
import type { RunDetails } from '../../../shared/contracts/run-calls.ts';
import { formatBytes, formatCount, formatNumber } from '../../../shared/text/format.ts';
import type { RunSeries, StepColumn } from '../../bridge/run-series.ts';
import { LineChart, type LineChartHandle, type LineSeries } from '../../charts/line-chart.tsx';
import { smooth } from '../../charts/smooth.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { RangeField } from '../../components/range-field.tsx';
import { SwitchField } from '../../components/field.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { Toolbar } from '../../components/toolbar.tsx';
import { texts } from '../../texts/texts.ts';
import { runTitle } from '../runs/run-title.ts';
import { savePicture, saveText } from './save-file.ts';
import { seriesToCsv } from './series-to-csv.ts';
import styles from './run-charts.module.css';

const words = texts.runs.run;

export function RunCharts({ details, series }: { readonly details: RunDetails; readonly series: RunSeries }) {
  if (series.table.length === 0) return <Empty title={words.noSteps} />;
  return (
    <>
      <LossChart details={details} series={series} />
      <div className={styles['grid']}>
        <Small title={words.learningRate} column="learning_rate" series={series} format={(value) => value.toExponential(1)} color={2} />
        <Small title={words.gradNorm} column="grad_norm" series={series} format={formatNumber} color={3} />
        <Small title={words.tokensPerSecond} column="tokens_per_second" series={series} format={formatCount} color={6} />
        <Small title={words.memory} column="rss_bytes" series={series} format={formatBytes} color={4} />
      </div>
    </>
  );
}

function LossChart({ details, series }: { readonly details: RunDetails; readonly series: RunSeries }) {
  const chart = useRef<LineChartHandle>(null);
  const [weight, setWeight] = useState(0.9);
  const [isLog, setLog] = useState(false);
  const lines = useMemo(() => lossLines(series, weight), [series, weight]);
  const title = runTitle(details);
  return (
    <Panel
      title={words.loss}
      actions={
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
          <Button small onPress={() => saveText(`${title}.csv`, seriesToCsv(series), 'text/csv')}>
            {words.csv}
          </Button>
        </>
      }
    >
      <LineChart ref={chart} height={320} label={sentence(words.loss, series, 'loss', formatNumber)} series={lines} format={formatNumber} isLog={isLog} />
      <Toolbar>
        <Legend lines={lines} />
        <Toolbar.End>
          <RangeField label={words.smoothing} value={weight} onChange={setWeight} min={0} max={0.99} step={0.01} />
          <SwitchField label={words.logAxis} value={isLog} onChange={setLog} />
        </Toolbar.End>
      </Toolbar>
      <p className={styles['hint']}>{words.zoomHint}</p>
    </Panel>
  );
}

/** The table is changed in place; a new `series` says that it was. */
function lossLines({ table, evaluations }: RunSeries, weight: number): readonly LineSeries[] {
  const [xs, loss] = [table.column('step'), table.column('loss')];
  const raw = { label: words.loss, xs, ys: loss, color: 0, faint: weight > 0 };
  const smoothed = weight > 0 ? [{ label: words.smoothed, xs, ys: smooth(loss, weight), color: 0 }] : [];
  const held = { label: words.evaluation, xs: evaluations.map(({ step }) => step), ys: evaluations.map(({ eval_loss }) => eval_loss), color: 1, dots: true };
  return [raw, ...smoothed, ...(evaluations.length > 0 ? [held] : [])];
}

const Legend = ({ lines }: { readonly lines: readonly LineSeries[] }) => (
  <ul className={styles['legend']}>
    {lines.map(({ label, color, faint }) => (
      <li key={label}>
        <span style={{ background: `var(--series-${color + 1})`, opacity: faint === true ? 0.4 : 1 }} aria-hidden />
        {label}
      </li>
    ))}
  </ul>
);

interface SmallProps {
  readonly title: string;
  readonly column: StepColumn;
  readonly series: RunSeries;
  readonly format: (value: number) => string;
  readonly color: number;
}

function Small({ title, column, series, format, color }: SmallProps) {
  const lines = useMemo(() => [{ label: title, xs: series.table.column('step'), ys: series.table.column(column), color }], [title, column, series, color]);
  return (
    <Panel title={title}>
      <LineChart height={160} label={sentence(title, series, column, format)} series={lines} format={format} />
    </Panel>
  );
}

function sentence(what: string, { table }: RunSeries, column: StepColumn, format: (value: number) => string): string {
  const values = table.column(column);
  return words.chart(what, format(values[0] ?? 0), format(values.at(-1) ?? 0), formatCount(values.length));
}
