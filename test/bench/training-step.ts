/** The child process of bench-training: some optimizer steps on full rows, timed. */
import { median } from 'simple-statistics';
import { loraDefaults } from '../../shared/domain/lora-config.ts';
import type { RunChoices } from '../../shared/domain/run-record.ts';
import { trainingDefaults } from '../../shared/domain/training-settings.ts';
import type { PackedRows } from '../../compute/data/types.ts';
import { openModel } from '../../compute/formats/open-model.ts';
import { applyEngine, trainingTypes } from '../../compute/tensor/engine-setup.ts';
import type { Isa } from '../../shared/domain/isa.ts';
import { loadAddon } from '../../compute/tensor/load-addon.ts';
import { clipFactor, gradientNorm } from '../../compute/train/adamw.ts';
import { accumulateGradients } from '../../compute/train/gradients.ts';
import { makeTrainee } from '../../compute/train/trainee.ts';

export interface StepRequest {
  readonly model: string;
  readonly isa: Isa;
  readonly precision: RunChoices['precision'];
  readonly threads: number;
  readonly rows: number;
  readonly length: number;
}

export interface StepFigure extends StepRequest {
  readonly seconds_per_step: number;
  readonly tokens_per_second: number;
  readonly peak_rss_bytes: number;
  /** Of the step's time; the rest is JavaScript. */
  readonly share_in_kernels: number;
  /** Share of the step by op. */
  readonly ops: Readonly<Record<string, number>>;
}

const STEPS = 3;

/** Rows without padding, every token graded: the heaviest batch of this size. */
function fullRows({ rows, length }: StepRequest, vocabulary: number): PackedRows {
  const tokens = Int32Array.from({ length: rows * length }, (_, t) => (t * 7919 + 13) % vocabulary);
  return {
    tokens,
    labels: tokens.map((_, t) => (t % length === length - 1 ? -100 : (tokens[t + 1] ?? 0))),
    positions: tokens.map((_, t) => t % length),
    segments: Int32Array.from({ length: rows + 1 }, (_, s) => s * length),
    gradedTokens: rows * (length - 1),
  };
}

function measure(request: StepRequest): StepFigure {
  const { precision, threads, isa } = request;
  const addon = loadAddon();
  applyEngine({ isa, precision }, threads);
  const config = { lora: { ...loraDefaults, rank: 8, alpha: 16, dropout: 0 }, training: trainingDefaults };
  const { model, parameters, optimizer } = makeTrainee(openModel(request.model), config, { precision, panels: 'packed' });
  const rows = fullRows(request, model.dimensions.vocabulary);
  const step = (count: number): number => {
    const start = performance.now();
    optimizer.zeroGrad();
    accumulateGradients(model, rows, { ...trainingTypes(precision), normaliser: rows.gradedTokens, recompute: false, dropout: null });
    optimizer.step({ step: count, learningRate: 1e-4, gradScale: clipFactor(gradientNorm(parameters), 1) });
    return (performance.now() - start) / 1000;
  };
  step(1);
  addon.resetCounters();
  const times = Array.from({ length: STEPS }, (_, i) => step(i + 2));
  const total = times.reduce((sum, seconds) => sum + seconds, 0);
  const ops = Object.fromEntries(Object.entries(addon.counters()).map(([op, { seconds }]) => [op, seconds / total]));
  const seconds = median(times);
  return {
    ...request,
    seconds_per_step: seconds,
    tokens_per_second: rows.tokens.length / seconds,
    peak_rss_bytes: process.resourceUsage().maxRSS * 1024,
    share_in_kernels: Object.values(ops).reduce((sum, share) => sum + share, 0),
    ops,
  };
}

process.send?.(measure(JSON.parse(process.argv[2] ?? '{}') as StepRequest));
process.disconnect();
