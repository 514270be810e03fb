/** Curves over steps: any number of series of any length, thinned to the pixels, with zoom. Drawn at most once a frame, however often they grow. */
import { Chart, Legend, LinearScale, LineController, LineElement, LogarithmicScale, PointElement, Tooltip, type ChartConfiguration } from 'chart.js';
import zoomPlugin from 'chartjs-plugin-zoom';
import { useEffect, useImperativeHandle, useRef, type Ref } from 'react';
import { useTheme } from '../app/theme.ts';
import { chartColors, seriesColor } from './colors.ts';
import { NextFrame } from './next-frame.ts';
import { Thinner, type Point, type Window } from './decimate.ts';
import { ThinnedChart } from './thinned-chart.ts';
import styles from './line-chart.module.css';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale, Tooltip, Legend, zoomPlugin);

export interface LineSeries {
  readonly label: string;
  readonly xs: ArrayLike<number>;
  readonly ys: ArrayLike<number>;
  /** Which colour of the theme. */
  readonly color: number;
  /** Behind the others: raw values under a smoothed curve. */
  readonly faint?: boolean;
  /** Few values, each worth a dot. */
  readonly dots?: boolean;
}

export interface LineChartHandle {
  zoom(factor: number): void;
  reset(): void;
  /** A PNG as a data address. */
  picture(): string;
}

export interface Along {
  readonly tick: (x: number) => string;
  /** Over the values at a place. */
  readonly title: (x: number) => string;
}

const steps: Along = { tick: String, title: (x) => `Step ${x}` };

interface LineChartProps {
  /** Says what is seen to those who do not see it. */
  readonly label: string;
  readonly series: readonly LineSeries[];
  readonly format: (value: number) => string;
  /** What is shown at least, even where no value is there. */
  readonly atLeast?: readonly [from: number, to: number];
  /** What stands along the foot; without it, steps. */
  readonly along?: Along;
  readonly isLog?: boolean;
  readonly height?: number;
  /** Least time between two drawings; a chart that nobody follows closely may rest. */
  readonly restMs?: number;
  readonly ref?: Ref<LineChartHandle>;
}

export function LineChart({ label, series, format, atLeast, along = steps, isLog = false, height = 260, restMs = 0, ref }: LineChartProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<ThinnedChart>(null);
  const latest = useRef(series);
  const drawing = useRef(new NextFrame());
  const formatting = useRef(format);
  const { shown } = useTheme();
  const [from, to] = atLeast ?? [];

  useEffect(() => {
    const pending = drawing.current;
    if (canvas.current === null) return undefined;
    const made = new ThinnedChart(canvas.current, options({ isLog, along, from, to, format: (value) => formatting.current(value) }), () =>
      pending.ask(0, () => draw(made, latest.current)),
    );
    chart.current = made;
    draw(made, latest.current);
    return () => {
      pending.cancel();
      made.destroy();
      chart.current = null;
    };
  }, [isLog, along, from, to, shown]);

  useEffect(() => {
    latest.current = series;
    formatting.current = format;
    drawing.current.ask(restMs, () => {
      if (chart.current !== null) draw(chart.current, latest.current);
    });
  }, [series, format, restMs]);

  useImperativeHandle(ref, () => ({
    zoom: (factor) => chart.current?.zoom({ x: factor }),
    reset: () => chart.current?.resetZoom(),
    picture: () => chart.current?.toBase64Image() ?? '',
  }));

  return (
    <div className={styles['chart']} style={{ height }}>
      <canvas ref={canvas} role="img" aria-label={label} />
    </div>
  );
}

/** What is known of a growing series stays with its place in the chart. */
const thinners = new WeakMap<ThinnedChart, Thinner[]>();

/** Thins every series to the part and the pixels that are shown. */
function draw(chart: ThinnedChart, series: readonly LineSeries[]): void {
  const window: Window = chart.range ?? { from: -Infinity, to: Infinity };
  const columns = Math.max(50, chart.width);
  const known = thinners.get(chart) ?? [];
  thinners.set(chart, known);
  chart.data.datasets = series.map(({ label, xs, ys, color, faint = false, dots = false }, index) => {
    const thinner = (known[index] ??= new Thinner());
    const line = seriesColor(color);
    const shade = faint ? `color-mix(in srgb, ${line} 45%, transparent)` : line;
    return {
      ...(chart.data.datasets[index] ?? {}),
      label,
      data: thinner.thin(xs, ys, window, columns),
      borderColor: shade,
      backgroundColor: shade,
      borderWidth: faint ? 1 : 1.8,
      pointRadius: dots || xs.length === 1 ? 2.5 : 0,
      pointHitRadius: 6,
      order: faint ? 1 : 0,
    };
  });
  chart.drawNow();
}

interface OptionParts {
  readonly isLog: boolean;
  readonly along: Along;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly format: (value: number) => string;
}

function options({ isLog, along, from, to, format }: OptionParts): ChartConfiguration<'line', Point[]> {
  const colors = chartColors();
  const font = { family: getComputedStyle(document.body).fontFamily, size: 11 };
  return {
    type: 'line',
    data: { datasets: [] },
    options: {
      animation: false,
      parsing: false,
      normalized: true,
      maintainAspectRatio: false,
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      scales: {
        x: {
          type: 'linear',
          ticks: {
            color: colors.text,
            font,
            maxRotation: 0,
            ...(along === steps ? { precision: 0 } : { maxTicksLimit: 5, callback: (value) => along.tick(Number(value)) }),
          },
          grid: { display: false },
          border: { color: colors.border },
        },
        y: {
          type: isLog ? 'logarithmic' : 'linear',
          ...(from !== undefined && { suggestedMin: from }),
          ...(to !== undefined && { suggestedMax: to }),
          ticks: { color: colors.text, font, maxTicksLimit: 6, callback: (value) => format(Number(value)) },
          grid: { color: colors.line },
          border: { display: false },
        },
      },
      plugins: {
        legend: { display: false },
        tooltip: {
          backgroundColor: colors.surface,
          borderColor: colors.border,
          borderWidth: 1,
          titleColor: colors.text,
          bodyColor: colors.text,
          titleFont: font,
          bodyFont: font,
          callbacks: {
            title: ([item]) => (item === undefined ? '' : along.title(item.parsed.x ?? 0)),
            label: ({ dataset, parsed }) => ` ${dataset.label ?? ''}  ${format(parsed.y ?? Number.NaN)}`,
          },
        },
        zoom: {
          limits: { x: { min: 'original', max: 'original', minRange: 5 } },
          zoom: { wheel: { enabled: true }, drag: { enabled: true, backgroundColor: 'rgb(128 128 128 / 20%)' }, mode: 'x' },
          pan: { enabled: true, modifierKey: 'shift', mode: 'x' },
        },
      },
    },
  };
}
