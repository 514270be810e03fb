/** What a quantised base costs and what it saves: the same model in every stored type. */
import type { BaseFigure } from '../../bench/report/report-schema.ts';
import { table } from '../generated-page.ts';
import { mebibytes, percent, whole } from './figures.ts';
import { chart, part } from './part.ts';

/** Steps 0, 10, 20, 40, 80 … of those measured. */
export function curveSteps(rows: readonly BaseFigure[]): number[] {
  const steps = rows[0]?.curve.map(({ step }) => step) ?? [];
  return steps.filter((step) => step === 0 || Number.isInteger(Math.log2(step / 10)) || step === steps.at(-1));
}

const lossAt = ({ curve }: BaseFigure, step: number): string => curve.find((point) => point.step === step)?.loss.toFixed(4) ?? '';

function basesTable(rows: readonly BaseFigure[]): string {
  const steps = curveSteps(rows);
  const cells = rows.map((row) => [
    row.share === 1 ? row.type : `${row.type} (${percent(row.share)})`,
    mebibytes(row.file_bytes),
    row.perplexity.toFixed(3),
    ...steps.map((step) => lossAt(row, step)),
    whole(row.tokens_per_second),
    mebibytes(row.peak_bytes),
    whole(row.as_stored.tokens_per_second),
    mebibytes(row.as_stored.peak_bytes),
  ]);
  return table(
    [
      'Type',
      'File',
      'Perplexity',
      ...steps.map((step) => `loss at ${String(step)}`),
      'tokens/s',
      'peak memory',
      'as stored: tokens/s',
      'as stored: peak memory',
    ],
    cells,
  );
}

export const basesPart = part({
  title: 'Quantised bases',
  section: 'bases',
  text: (
    bases,
  ) => `${bases.model}, expanded to F32 and from there requantised: the matrices of its layers in each type, embedding and norms as the file has them (F32:
everything). Rows of Q4_K, Q5_K and Q6_K come in blocks of 256, which only part of this model's rows fill; as llama.cpp does, the others are Q5_0,
Q5_1 and Q8_0, and the share that really has the type stands in brackets. The file's own layers are Q4_1: that row loses nothing, and a type whose
steps fall between its sixteen (Q5_1 most of all) loses more here than it would on weights that were never quantised.

Perplexity: ${bases.text}. Training: ${bases.training}. Peak memory is that of the process that trains, first as the plan chose, then with
\`cache_optimization: false\`: weights stay as they are stored and are widened panel by panel inside each product.

${chart('bases', 'Held-out loss by step for each stored type')}

${basesTable(bases.rows)}`,
});
