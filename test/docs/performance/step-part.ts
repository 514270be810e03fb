/** The whole training step on full and on real rows, and where the time of a step goes. */
import type { Pairs, RunFigure } from '../../bench/report/report-schema.ts';
import { table } from '../generated-page.ts';
import { kernelShare, mebibytes, medianOf, memoryRatio, peak, percent, rate, seconds, speedRatio, spread, times, whole, wholePeak } from './figures.ts';
import { chart, part } from './part.ts';

const columns = ['What', 'Lathe', 's/step', 'peak memory', 'PyTorch + PEFT', 's/step', 'peak memory', 'as fast', 'memory'];

const chosen = ({ chosen: { precision, panels, recompute } }: RunFigure): string =>
  `${precision}, ${panels} weights${recompute ? ', recomputed activations' : ''}`;

function pairRow(pairs: Pairs): string[] {
  const { name, isa, ours, reference } = pairs;
  const [speed, memory] = [speedRatio(pairs), memoryRatio(pairs)];
  const both = (value: number, values: readonly number[]): string => `${whole(value)}${spread(values, whole)}`;
  const mine = [
    `${both(medianOf(ours, rate), ours.map(rate))} tokens/s`,
    medianOf(ours, (run) => run.seconds_per_step).toFixed(2),
    mebibytes(medianOf(ours, wholePeak)),
  ];
  const theirs =
    reference.length === 0
      ? ['not measured here', '', '']
      : [
          `${both(medianOf(reference, rate), reference.map(rate))} tokens/s, ${reference[0]?.dtype ?? ''}`,
          medianOf(reference, (run) => run.seconds_per_step).toFixed(2),
          mebibytes(medianOf(reference, peak)),
        ];
  const first = ours[0] === undefined ? '' : ` (${chosen(ours[0])})`;
  return [`${isa === 'best' ? name : isa}${first}`, ...mine, ...theirs, speed === null ? '' : times(speed), memory === null ? '' : percent(1 / memory)];
}

const pairsTable = (pairs: readonly Pairs[]): string => table(columns, pairs.map(pairRow));

const repetitions = (pairs: readonly Pairs[]): string =>
  `Each row is ${[...new Set(pairs.map(({ ours }) => String(ours.length)))].join(' or ')} runs of each side by turns: the medians, and in brackets the lowest and highest.`;

export const stepPart = part({
  title: 'The training step',
  section: 'step',
  text: (
    step,
  ) => `SmolLM2-135M from its 4-bit file, four full rows of 512 tokens a step, every token graded, rank 8 on q, k, v, o: forward, loss, backward, clip,
AdamW. Both sides held to an instruction set (\`LATHE_ISA\` here, the settings of its libraries there); the reference in the type it is fastest
in there. ${repetitions(step.pairs)}

${chart('step', 'Tokens a second of the training step under each instruction set, Lathe and reference')}

${chart('memory', 'Peak memory of the training step, Lathe and reference')}

${pairsTable(step.pairs)}`,
});

export const rowsPart = part({
  title: 'Real rows',
  section: 'rows',
  text: (rows) => `Questions and answers of different lengths (${rows.data}), four rows a step, loss on the answers, counted by real tokens: Lathe packs the
rows end to end, the reference pads them to the longest. ${repetitions(rows.pairs)}

${pairsTable(rows.pairs)}`,
});

export const largePart = part({
  title: 'A billion parameters and more',
  section: 'large',
  text: (
    large,
  ) => `Shapes of published models with random weights, full rows, adapters on q, k, v, o. The reference is measured where it trains the same numbers;
for 4-bit files it would have to expand them. ${repetitions(large.pairs)}

${pairsTable(large.pairs)}`,
});

/** Shares of the step by op, the largest first. */
function stepShares(run: RunFigure): (readonly [op: string, share: number])[] {
  const shares = Object.entries(run.kernel_seconds).map(([op, spent]) => [op, spent / run.step_seconds] as const);
  return [...shares.sort(([, a], [, b]) => b - a), ['outside the kernels', 1 - kernelShare(run)] as const];
}

export const outsidePart = part({
  title: 'Where the time goes',
  section: 'step',
  text: ({ pairs }) => {
    const [first] = pairs;
    const run = first?.ours[0];
    const shares = run === undefined ? [] : stepShares(run);
    const { isa = '', ours = [] } = first ?? {};
    const rows = shares.filter(([op, share]) => share >= 0.001 || op === 'outside the kernels').map(([op, share]) => [op, percent(share)]);
    return `Of the step above under ${isa}, ${seconds(medianOf(ours, (each) => each.seconds_per_step))} each: the share of each kernel, and what is left for everything else.

${table(['Kernel', 'Share of the step'], rows)}`;
  },
});
