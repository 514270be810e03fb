/** The child process of bench-training: some optimizer steps on full rows, computed as the plan of a real run chooses, timed. */
import { join } from 'node:path';
import { median } from 'simple-statistics';
import type { Isa } from '../../shared/domain/isa.ts';
import { resolveTrainingConfig } from '../../shared/domain/resolve-training-config.ts';
import type { RunChoices } from '../../shared/domain/run-record.ts';
import type { TrainingRequest } from '../../shared/domain/training-config.ts';
import { layoutRows } from '../../compute/data/layout-rows.ts';
import { loaderStart } from '../../compute/data/loader.ts';
import type { PackedRows } from '../../compute/data/types.ts';
import { openModel } from '../../compute/formats/open-model.ts';
import { setUpEngine, trainingTypes } from '../../compute/tensor/engine-setup.ts';
import { loadAddon } from '../../compute/tensor/load-addon.ts';
import { clipFactor, gradientNorm } from '../../compute/train/adamw.ts';
import { accumulateGradients } from '../../compute/train/gradients.ts';
import { chooseForRun } from '../../compute/train/plan-run.ts';
import { openRunData } from '../../compute/train/run-data.ts';
import { makeTrainee } from '../../compute/train/trainee.ts';
import { writeFullRows } from './bench-rows.ts';

export interface StepRequest {
  readonly model: string;
  /** The cap, which the environment has too; LATHE_ISA. */
  readonly isa: Isa;
  readonly precision: RunChoices['precision'];
  readonly threads: number;
  readonly rows: number;
  readonly length: number;
  /** An existing folder for the rows and their tokens. */
  readonly folder: string;
}

export interface StepFigure extends Omit<StepRequest, 'folder'> {
  readonly seconds_per_step: number;
  readonly tokens_per_second: number;
  readonly peak_rss_bytes: number;
  /** Of the step's time; the rest is JavaScript. */
  readonly share_in_kernels: number;
  /** Share of the step by op. */
  readonly ops: Readonly<Record<string, number>>;
  /** What the plan chose. */
  readonly chosen: Pick<RunChoices, 'micro_tokens' | 'panels' | 'recompute_activations'>;
}

const STEPS = 3;

/** Rows without padding, every token graded: the heaviest batch of this size. */
function requestOf({ model, precision, threads, rows, length, folder }: StepRequest): TrainingRequest {
  const dataPath = writeFullRows(join(folder, 'full.jsonl'), { count: rows, length });
  const training = { precision, batch_size: rows, gradient_accumulation: 1, max_epochs: STEPS + 1, max_seq_length: length, train_on: 'all' } as const;
  const lora = { rank: 8, alpha: 16, dropout: 0 };
  return resolveTrainingConfig(
    { data: { holdout_fraction: 0 }, lora, training, cpu_optimization: { num_workers: threads } },
    { model, dataPath, cores: threads },
  );
}

async function measure({ folder, ...asked }: StepRequest): Promise<StepFigure> {
  const addon = loadAddon();
  const request = requestOf({ folder, ...asked });
  const { config } = request;
  const engine = setUpEngine(config.cpu_optimization, asked.precision);
  const source = openModel(asked.model);
  using data = await openRunData(source, request, { emit: () => undefined, signal: new AbortController().signal, cacheDirectory: folder });
  const { choices } = chooseForRun({ source, request, data, engine, diskPath: folder });
  const { model, parameters, optimizer } = makeTrainee(source, config, choices);
  const batch = data.loader.read(loaderStart);
  const layout = { packing: choices.packing, microTokens: choices.micro_tokens, padId: data.padId };
  const types = { ...trainingTypes(choices.precision), normaliser: batch.gradedTokens, recompute: choices.recompute_activations, dropout: null };
  const accumulate = (micro: PackedRows): number => accumulateGradients(model, micro, types);
  const step = (count: number): number => {
    const start = performance.now();
    optimizer.zeroGrad();
    layoutRows(batch.rows, layout).forEach(accumulate);
    optimizer.step({ step: count, learningRate: 1e-4, gradScale: clipFactor(gradientNorm(parameters), 1) });
    return (performance.now() - start) / 1000;
  };
  step(1);
  addon.resetCounters();
  const times = Array.from({ length: STEPS }, (_, i) => step(i + 2));
  const total = times.reduce((sum, seconds) => sum + seconds, 0);
  const ops = Object.fromEntries(Object.entries(addon.counters()).map(([op, { seconds }]) => [op, seconds / total]));
  const seconds = median(times);
  const { micro_tokens, panels, recompute_activations } = choices;
  return {
    ...asked,
    seconds_per_step: seconds,
    tokens_per_second: batch.rows.reduce((sum, { tokens }) => sum + tokens.length, 0) / seconds,
    peak_rss_bytes: process.resourceUsage().maxRSS * 1024,
    share_in_kernels: Object.values(ops).reduce((sum, share) => sum + share, 0),
    ops,
    chosen: { micro_tokens, panels, recompute_activations },
  };
}

process.send?.(await measure(JSON.parse(process.argv[2] ?? '{}') as StepRequest));
process.disconnect();
