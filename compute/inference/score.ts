/** Scores rows without a gradient: the loss of every graded token, and whether it was the most probable one. */
import { linearCrossEntropy } from '../autograd/ops/linear-cross-entropy.ts';
import { Tape } from '../autograd/tape.ts';
import type { PackedRows } from '../data/types.ts';
import type { CausalModel } from '../models/causal-model.ts';
import { passTensors } from '../nn/pass.ts';
import type { FloatDType } from '../tensor/dtype.ts';
import { fromInts, scope } from '../tensor/tensor.ts';

export interface RowScores {
  /** -log p of each graded token, in order over all rows. */
  readonly losses: Float32Array;
  /** The most probable token at each graded position. */
  readonly best: Int32Array;
}

export function scoreRows(model: CausalModel, rows: PackedRows, dtype: FloatDType): RowScores {
  return scope(() => {
    const tape = new Tape({ recording: false });
    const pass = { tape, dtype, ...passTensors(rows.positions, rows.segments), cache: null, dropout: null };
    const hidden = model.forward(pass, fromInts(rows.tokens), { recompute: false });
    const { losses, best } = linearCrossEntropy(tape, hidden, model.head, {
      labels: rows.labels,
      normaliser: 1,
      softcap: model.logitSoftcap,
      scale: model.logitScale,
    });
    return { losses, best };
  });
}
