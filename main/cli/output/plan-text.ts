/** A plan as people read it. */
import type { Plan } from '../../../shared/contracts/run-events.ts';
import { formatBytes, formatCount, formatNumber, formatPercent, formatSeconds } from '../../../shared/text/format.ts';
import { table } from './table.ts';

export function planLines(plan: Plan): readonly string[] {
  const { memory, disk, time, choices } = plan;
  const facts = [
    ['rows', `${formatCount(plan.rows)} to learn, ${formatCount(plan.holdout_rows)} held back`],
    ['tokens an epoch', `${formatCount(plan.tokens)}, ${formatCount(plan.graded_tokens)} graded`],
    [
      'parameters',
      `${formatCount(plan.trained_parameters)} trained of ${formatCount(plan.parameters)} (${formatPercent(plan.trained_parameters / Math.max(1, plan.parameters))})`,
    ],
    ['steps', `${formatCount(plan.steps)}, the first ${choices.warmup_steps} of them warm-up`],
    ...ratesLine(plan),
    ['time', `about ${formatSeconds(time.seconds)} (${formatNumber(time.seconds_per_step)} s a step, ${formatCount(time.tokens_per_second)} tokens/s)`],
    ['disk', `${formatBytes(disk.needed_bytes)} of ${formatBytes(disk.free_bytes)} free`],
    ['memory', `${formatBytes(memory.total_bytes)} of ${formatBytes(memory.limit_bytes)}`],
    ...memory.parts.map(({ part, bytes }) => [`  ${part}`, formatBytes(bytes)]),
    [
      'computed with',
      `${choices.isa}, ${choices.precision}, up to ${formatCount(choices.micro_tokens)} tokens at once${choices.recompute_activations ? ', activations recomputed' : ''}`,
    ],
  ];
  return [...table(facts), ...(plan.fits ? [] : [`This does not fit. ${plan.would_fit ?? ''}`.trim()])];
}

/** Said only where parts learn at different rates. */
function ratesLine({ optimizer }: Plan): string[][] {
  const rates = optimizer.map(({ group, learning_rate: rate }) => `${formatNumber(rate)} for ${group}`);
  return new Set(optimizer.map(({ learning_rate: rate }) => rate)).size < 2 ? [] : [['learning rates', rates.join(', ')]];
}
