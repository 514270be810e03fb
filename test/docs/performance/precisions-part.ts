/** What int8 products gain under the caps of ordinary laptops, and what they do to the loss: the same run in each precision. */
import type { PrecisionFigure } from '../../bench/report/report-schema.ts';
import { table } from '../generated-page.ts';
import { mebibytes, seconds, times, whole } from './figures.ts';
import { part } from './part.ts';

/** How many times as fast as fp32 under the same cap; empty where that was not measured. */
function gain(row: PrecisionFigure, rows: readonly PrecisionFigure[]): string {
  const base = rows.find(({ isa, precision }) => isa === row.isa && precision === 'fp32');
  return base === undefined ? '' : times(row.tokens_per_second / base.tokens_per_second);
}

const precisionsTable = (rows: readonly PrecisionFigure[]): string =>
  table(
    ['Cap', 'Precision', 'a step', 'processor time a step', 'tokens/s', 'of fp32', 'peak memory', 'held-out loss'],
    rows.map((row) => [
      row.isa,
      row.precision,
      seconds(row.seconds_per_step),
      row.cpu_seconds_per_step === 0 ? 'not told' : seconds(row.cpu_seconds_per_step),
      whole(row.tokens_per_second),
      gain(row, rows),
      mebibytes(row.peak_bytes),
      row.held_out_loss.toFixed(4),
    ]),
  );

export const precisionsPart = part({
  title: 'fp32, bf16 and int8',
  section: 'precisions',
  text: (
    precisions,
  ) => `${precisions.model}: ${precisions.training}. Under each cap the same run in every precision that it has. An int8 run multiplies by its frozen weights in
8-bit whole numbers while it trains; the loss of every run is computed in floats. Processor time is that of all threads: it tells a busy
machine from slow kernels.

${precisionsTable(precisions.rows)}`,
});
