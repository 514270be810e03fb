/** The heart of a step: forward and backward over one micro-batch, gradients summed into the parameters. */
import { linearCrossEntropy } from '../autograd/ops/linear-cross-entropy.ts';
import { Tape } from '../autograd/tape.ts';
import type { PackedRows } from '../data/types.ts';
import type { CausalModel } from '../models/causal-model.ts';
import { passTensors, type DropoutKey } from '../nn/pass.ts';
import type { FloatDType } from '../tensor/dtype.ts';
import type { Products } from '../tensor/panels.ts';
import { fromInts, scope } from '../tensor/tensor.ts';

export interface GradientOptions {
  readonly dtype: FloatDType;
  /** What frozen weights are multiplied in, forward and backward; floats where nothing is said. */
  readonly products?: Products;
  /** Graded tokens of the whole optimizer step: what the loss is averaged over. */
  readonly normaliser: number;
  readonly recompute: boolean;
  readonly dropout: DropoutKey | null;
}

/** Adds this micro-batch's share of the step's gradients; returns its summed loss. */
export function accumulateGradients(
  model: CausalModel,
  rows: PackedRows,
  { dtype, products = 'float', normaliser, recompute, dropout }: GradientOptions,
): number {
  const tape = new Tape({ recording: true, products });
  try {
    const { root, lossSum } = scope(() => {
      const pass = { tape, dtype, ...passTensors(rows.positions, rows.segments), cache: null, dropout };
      const hidden = model.forward(pass, fromInts(rows.tokens), { recompute }); // [T, C]
      return linearCrossEntropy(tape, hidden, model.head, { labels: rows.labels, normaliser, softcap: model.logitSoftcap, scale: model.logitScale });
    });
    root.value.release();
    tape.backward(root);
    return lossSum;
  } finally {
    tape.clear();
  }
}
