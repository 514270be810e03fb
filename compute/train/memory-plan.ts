/**
 * How much memory a run takes: the training step itself is run dry. In a dry run tensors get addresses and no kernel computes, so the
 * arena's high-water mark and the count of operations are those of the real step, and nothing is touched.
 */
import type { ResolvedTrainingConfig } from '../../shared/domain/training-config.ts';
import type { RunChoices } from '../../shared/domain/run-record.ts';
import { notGraded, type PackedRows } from '../data/types.ts';
import type { ModelSource } from '../formats/model-source.ts';
import { scoreRows } from '../inference/score.ts';
import { targetNotes } from '../nn/select-targets.ts';
import { loadAddon } from '../tensor/load-addon.ts';
import { activationType, trainingTypes } from '../tensor/engine-setup.ts';
import { accumulateGradients } from './gradients.ts';
import { makeTrainee } from './trainee.ts';

export type MemoryChoices = Pick<RunChoices, 'precision' | 'panels' | 'packing' | 'micro_tokens' | 'recompute_activations'>;

/** What the JavaScript runtime still grows by while it trains: its heap of young objects, compiled code, stacks (measured: 11 to 14 MB). */
const RUNTIME_GROWTH = 12 * 2 ** 20;

export interface MicroBatchShape {
  readonly tokens: number;
  readonly gradedTokens: number;
  readonly longestRow: number;
}

export interface MemoryNeed {
  readonly parts: readonly { readonly part: string; readonly bytes: number }[];
  readonly totalBytes: number;
  /** What memory_pool_size bounds. */
  readonly activationBytes: number;
  /** Of frozen weights laid out for the products. */
  readonly panelBytes: number;
  readonly trainedParameters: number;
  readonly parameters: number;
  /** What there is to say of how the model takes the request: target modules that became others. */
  readonly notes: readonly string[];
}

/** Rows that weigh as much as the heaviest micro-batch: as many tokens, of them as many graded. */
function placeholderRows({ tokens, gradedTokens, longestRow }: MicroBatchShape): PackedRows {
  const segments = [...Array.from({ length: Math.ceil(tokens / longestRow) }, (_, s) => s * longestRow), tokens];
  return {
    tokens: new Int32Array(tokens),
    labels: new Int32Array(tokens).map((_, t) => (t < gradedTokens ? 0 : notGraded)),
    positions: new Int32Array(tokens).map((_, t) => t % longestRow),
    segments: Int32Array.from(segments),
    gradedTokens,
  };
}

const textOnly = 'This model takes images too; its language model alone is read and trained.';

/** Loads, trains one step and scores, all dry. The engine must hold no tensors. */
export function measureMemory(
  source: ModelSource,
  config: Pick<ResolvedTrainingConfig, 'lora' | 'training'>,
  choices: MemoryChoices,
  shape: MicroBatchShape,
): MemoryNeed {
  const addon = loadAddon();
  addon.configure({ dryRun: true, arenaLimitBytes: 0 });
  addon.resetPeaks();
  try {
    const trainee = makeTrainee(source, config, choices);
    try {
      const dtype = activationType(choices.precision);
      const rows = placeholderRows(shape);
      const dropout = config.lora.dropout === 0 ? null : { p: config.lora.dropout, seed: 0, microBatch: 0 };
      accumulateGradients(trainee.model, rows, { ...trainingTypes(choices.precision), normaliser: 1, recompute: choices.recompute_activations, dropout });
      scoreRows(trainee.model, rows, { dtype });
      const trainedParameters = trainee.parameters.reduce((sum, { value }) => sum + value.bytes / 4, 0);
      const targets = config.training.mode === 'lora' ? targetNotes(trainee.model.linears, config.lora.target_modules) : [];
      const notes = source.textPrefix === undefined ? targets : [textOnly, ...targets];
      return { ...summarise(source, choices, trainedParameters), notes };
    } finally {
      trainee.dispose();
    }
  } finally {
    addon.configure({ dryRun: false });
    addon.resetPeaks();
  }
}

function summarise(source: ModelSource, choices: MemoryChoices, trainedParameters: number): Omit<MemoryNeed, 'notes'> {
  const { tags, arenaPeakBytes } = loadAddon().memory();
  const persistent = ['weights', 'weight panels', 'adapter', 'gradients', 'optimizer'];
  const arenaParts = persistent.map((part) => ({ part, bytes: tags[part]?.peakBytes ?? 0 }));
  const activationBytes = arenaPeakBytes - arenaParts.reduce((sum, { bytes }) => sum + bytes, 0);
  const parts = [
    { part: 'program', bytes: process.memoryUsage.rss() + RUNTIME_GROWTH },
    { part: 'model file', bytes: residentFileBytes(source, choices) },
    ...arenaParts,
    { part: 'activations', bytes: activationBytes },
  ].filter(({ bytes }) => bytes > 0);
  const weights = [...source.weights.values()];
  return {
    parts,
    totalBytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    activationBytes,
    panelBytes: tags['weight panels']?.peakBytes ?? 0,
    trainedParameters,
    parameters: weights.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0),
  };
}

/** Pages of the mapped file that a step touches: all of it as stored, only the embedding where panels stand in for the rest. Int8 panels do not: evaluation reads the stored weights. */
function residentFileBytes({ weights }: ModelSource, { panels, precision }: MemoryChoices): number {
  return [...weights.values()]
    .filter(({ name }) => panels === 'stored' || precision === 'int8' || name === 'model.embed_tokens.weight')
    .reduce((sum, { bytes }) => sum + bytes, 0);
}
