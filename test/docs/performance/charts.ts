/** The charts of the performance page, by name; those whose section was not measured are left out. */
import type { BarSeriesOption } from 'echarts/charts';
import type { GemmFigure, Pairs, Report, RunFigure } from '../../bench/report/report-schema.ts';
import { axisOf, draw, ink, type Chart } from './draw.ts';
import { medianOf, peak, rate, wholePeak } from './figures.ts';
import { shareOfReference } from './gemm-part.ts';

type Sections = Report['sections'];
type Curves = NonNullable<Sections['curves']>;

const gibi = 2 ** 30;
const rounded = (value: number, digits = 0): number => Number(value.toFixed(digits));

/** Ours beside theirs, for each instruction set; a bar that was not measured is not drawn. */
function bars(pairs: readonly Pairs[], ours: (pair: Pairs) => number, theirs: (pair: Pairs) => number | null): Chart {
  const label = { show: true, position: 'top' as const, color: ink };
  return {
    xAxis: axisOf({ categories: pairs.map(({ isa }) => isa) }),
    yAxis: axisOf({}),
    series: [
      { type: 'bar', name: 'Lathe', data: pairs.map(ours), label, barGap: '8%' },
      ...(pairs.every(({ reference }) => reference.length === 0)
        ? []
        : [{ type: 'bar' as const, name: 'PyTorch + PEFT', data: pairs.map((pair) => theirs(pair) ?? '-'), label }]),
    ],
  };
}

const ofReference = (pair: Pairs, value: (side: Pairs['reference'][number]) => number, digits = 0): number | null =>
  pair.reference.length === 0 ? null : rounded(medianOf(pair.reference, value), digits);

function stepCharts({ pairs }: NonNullable<Sections['step']>): Record<string, string> {
  const speed = bars(
    pairs,
    (pair) => rounded(medianOf(pair.ours, rate)),
    (pair) => ofReference(pair, rate),
  );
  const memory = bars(
    pairs,
    (pair) => rounded(medianOf(pair.ours, wholePeak) / gibi, 2),
    (pair) => ofReference(pair, (side) => peak(side) / gibi, 2),
  );
  return {
    step: draw('Training step, SmolLM2-135M, 4 × 512: tokens a second', speed),
    memory: draw('Training step, SmolLM2-135M, 4 × 512: peak memory, GiB', memory),
  };
}

/** As shares of the reference's rates, or as plain rates where there is no reference. */
function gemmChart({ rows }: NonNullable<Sections['gemm']>): Record<string, string> {
  const isCompared = rows.some((row) => shareOfReference(row) !== null);
  const value = (row: GemmFigure): number | null => {
    const share = shareOfReference(row);
    return isCompared ? share && 100 * share : medianOf(row.gflops, (gflops) => gflops);
  };
  const groups = [...new Set(rows.map(({ isa, shape }) => `${isa}  ${shape}`))];
  const weights = [...new Set(rows.map(({ weight }) => weight))];
  const series = weights.map((weight): BarSeriesOption => {
    const mine = new Map(rows.filter((row) => row.weight === weight).map((row) => [`${row.isa}  ${row.shape}`, value(row)]));
    return { type: 'bar', name: `${weight} weights`, data: groups.map((group) => rounded(mine.get(group) ?? 0)) };
  });
  const categories = axisOf({ categories: groups.toReversed() });
  const chart: Chart = {
    yAxis: { ...categories, axisLabel: { color: ink, fontSize: 11 } },
    xAxis: axisOf({}),
    grid: { left: 170, right: 24, top: 44, bottom: 60 },
    series: series.map(({ data = [], ...rest }) => ({ ...rest, data: data.toReversed() })),
  };
  const height = 120 + 16 * groups.length * weights.length;
  return { gemm: draw(isCompared ? "Matrix products: percent of PyTorch's rate, same type and shape" : 'Matrix products: GFLOP/s', chart, height) };
}

const line = (name: string, points: Curves['threads'], value: (run: RunFigure) => number) => ({
  type: 'line' as const,
  name,
  symbol: 'circle',
  symbolSize: 6,
  data: points.map((point): [number, number] => [point.value, value(point.run)]),
});

const speedChart = (title: string, points: Curves['threads'], name: string): string =>
  draw(title, {
    xAxis: axisOf({ categories: points.map(({ value }) => String(value)), name }),
    yAxis: axisOf({ name: 'tokens/s', side: true, min: 0 }),
    legend: { show: false },
    series: [{ type: 'line', symbol: 'circle', symbolSize: 6, data: points.map(({ run }) => rounded(rate(run))) }],
  });

function curveCharts({ threads, length, rank, batch }: Curves): Record<string, string> {
  const byLength: Chart = {
    xAxis: axisOf({ name: 'tokens of the row' }),
    yAxis: [axisOf({ name: 'seconds a step', side: true, min: 0 }), { ...axisOf({ name: 'GiB', side: true, min: 0 }), splitLine: { show: false } }],
    series: [
      line('seconds a step', length, (run) => rounded(run.seconds_per_step, 3)),
      { ...line('peak memory', length, (run) => rounded(wholePeak(run) / gibi, 3)), yAxisIndex: 1 },
    ],
  };
  return {
    threads: speedChart('Tokens a second by threads', threads, 'threads'),
    length: draw('One row a step: time and memory by its length', byLength),
    rank: speedChart('Tokens a second by rank', rank, 'rank'),
    batch: speedChart('Tokens a second by rows of a step', batch, 'rows of 512 tokens'),
  };
}

function basesChart({ rows }: NonNullable<Sections['bases']>): Record<string, string> {
  const chart: Chart = {
    xAxis: axisOf({ name: 'step' }),
    yAxis: axisOf({ name: 'held-out loss', side: true, scale: true }),
    series: rows.map(({ type, curve }) => ({
      type: 'line',
      name: type,
      symbol: 'circle',
      symbolSize: 4,
      data: curve.map(({ step, loss }): [number, number] => [step, rounded(loss, 4)]),
    })),
  };
  return { bases: draw('The same LoRA run on each stored type', chart) };
}

/** SVG text by name. */
export const charts = ({ sections: { step, gemm, curves, bases } }: Report): Record<string, string> => ({
  ...(step === undefined ? {} : stepCharts(step)),
  ...(gemm === undefined ? {} : gemmChart(gemm)),
  ...(curves === undefined ? {} : curveCharts(curves)),
  ...(bases === undefined ? {} : basesChart(bases)),
});
