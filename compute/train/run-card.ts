/** card.md: what a run made, from what and how, for people. */
import type { TrainResult } from '../../shared/contracts/run-events.ts';
import type { RunRecord } from '../../shared/domain/run-record.ts';
import type { DatasetReport } from '../data/types.ts';
import type { EpochSize } from './run-data.ts';

interface CardInput {
  readonly record: RunRecord;
  readonly report: DatasetReport;
  readonly epoch: EpochSize;
  readonly result: TrainResult;
}

const table = (rows: readonly (readonly [string, string | number])[]): string =>
  ['| | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n');

export function renderCard({ record, report, epoch, result }: CardInput): string {
  const { config, choices, base_model: base, dataset, lineage } = record;
  const { training, lora } = config;
  const what = training.mode === 'lora' ? `a ${lora.use_dora ? 'DoRA' : 'LoRA'} adapter of rank ${lora.rank}` : 'a fully trained model';
  return `# Run ${record.run}

${what[0]?.toUpperCase() ?? ''}${what.slice(1)} for ${base.path}, trained with Lathe ${record.version} on ${epoch.rows} rows.

## Result
${table([
  ['optimizer steps', result.steps],
  ['loss of the last step', result.final_loss.toFixed(4)],
  ['loss on the holdout', result.eval_loss === null ? 'no holdout' : `${result.eval_loss.toFixed(4)} (the best evaluation, whose weights these are)`],
  ['tokens', result.tokens],
  ['time', `${result.seconds.toFixed(1)} s`],
])}

## Made from
${table([
  ['base model', `${base.path} (SHA-256 ${base.sha256})`],
  ['data', `${dataset.path} (SHA-256 ${dataset.sha256})`],
  ...lineage.map(
    ({ path, sha256, run }, generation) =>
      [generation === 0 ? 'goes on from' : 'which went on from', `${path} (${run === null ? '' : `run ${run}, `}SHA-256 ${sha256})`] as const,
  ),
  [
    'usable rows',
    `${report.used} of ${report.rows}: ${report.empty} empty, ${report.duplicates} duplicate, ${report.ungraded} with nothing to learn left out; ${report.truncated} truncated`,
  ],
  ['rows trained on', `${epoch.rows}; the others are held out, or more than max_rows`],
  ['graded tokens', `${epoch.gradedTokens} of ${epoch.tokens} in an epoch`],
])}

## How
${table([
  ['learning rate', `${training.learning_rate}, ${training.schedule}, ${choices.warmup_steps} steps of warm-up`],
  ...(training.mode === 'full' || lora.loraplus_lr_ratio === 1 ? [] : [['learning rate of B', `${lora.loraplus_lr_ratio} times that of A`] as const]),
  ['batch', `${training.batch_size} × ${training.gradient_accumulation} rows a step`],
  [
    'adapter',
    training.mode === 'lora'
      ? `rank ${lora.rank}, alpha ${lora.alpha}${lora.use_rslora ? ', rank-stabilised' : ''}${lora.use_dora ? ', weight-decomposed' : ''}, dropout ${lora.dropout}, on ${String(lora.target_modules)}`
      : 'none: every weight was trained',
  ],
  ['precision', `${choices.precision}, ${choices.isa} kernels`],
  ['seed', training.seed],
  [
    'resumed',
    record.resumed.length === 0
      ? 'never'
      : record.resumed.map(({ step, drift }) => `at step ${step}${drift === null ? '' : ` with drift: ${drift}`}`).join('; '),
  ],
])}
`;
}
