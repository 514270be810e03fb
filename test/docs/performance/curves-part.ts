/** How speed and memory go with threads, sequence length, rank and batch. */
import type { Report } from '../../bench/report/report-schema.ts';
import { table } from '../generated-page.ts';
import { mebibytes, rate, times, whole, wholePeak } from './figures.ts';
import { chart, part } from './part.ts';

type Curve = NonNullable<Report['sections']['curves']>['threads'];

function curveTable(what: string, points: Curve): string {
  const first = points[0];
  const rows = points.map(({ value, run }) => [
    whole(value),
    whole(rate(run)),
    first === undefined ? '' : times(rate(run) / rate(first.run)),
    run.seconds_per_step.toFixed(2),
    mebibytes(wholePeak(run)),
    `${run.chosen.panels}${run.chosen.recompute ? ', recomputed' : ''}`,
  ]);
  return table([what, 'tokens/s', 'of the first', 's/step', 'peak memory', 'chosen'], rows);
}

/** Peak memory by length as a straight line through first and last, and how far the points lie off it. */
function lengthSentence(points: Curve): string {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || first === last) return '';
  const slope = (wholePeak(last.run) - wholePeak(first.run)) / (last.value - first.value);
  const off = points.map(({ value, run }) => Math.abs(wholePeak(run) - (wholePeak(first.run) + slope * (value - first.value))) / wholePeak(run));
  return `Memory grows by ${(slope / 1024).toFixed(0)} KiB a token; no point lies more than ${(100 * Math.max(...off)).toFixed(0)} % off a straight line.`;
}

export const curvesPart = part({
  title: 'Threads, length, rank, batch',
  section: 'curves',
  text: (curves) => `SmolLM2-135M again, full rows, with one thing varied: 4 × 512 tokens a step, rank 8 and all threads otherwise.

### Threads

${chart('threads', 'Tokens a second by threads')}

${curveTable('Threads', curves.threads)}

### Sequence length

One row a step. ${lengthSentence(curves.length)}

${chart('length', 'Seconds a step and peak memory by sequence length')}

${curveTable('Tokens of the row', curves.length)}

### Rank

${chart('rank', 'Tokens a second by rank')}

${curveTable('Rank', curves.rank)}

### Batch

${chart('batch', 'Tokens a second by rows of a step')}

${curveTable('Rows of 512', curves.batch)}`,
});
