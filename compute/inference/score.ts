/** Scores rows without a gradient: the loss of every graded token, and whether it was the most probable one. */
import { linearCrossEntropy } from '../autograd/ops/linear-cross-entropy.ts';
import { Tape } from '../autograd/tape.ts';
import type { PackedRows } from '../data/types.ts';
import type { CausalModel } from '../models/causal-model.ts';
import { passTensors } from '../nn/pass.ts';
import type { FloatDType } from '../tensor/dtype.ts';
import type { Products } from '../tensor/panels.ts';
import { fromInts, scope } from '../tensor/tensor.ts';
import { SharedPrefix, type SharedKeys } from './shared-prefix.ts';

export interface RowsToScore extends PackedRows {
  /** Where segments see rows of others, which they begin with. */
  readonly sharedKeys?: SharedKeys | null;
}

export interface RowScores {
  /** -log p of each graded token, in order over all rows. */
  readonly losses: Float32Array;
  /** The most probable token at each graded position. */
  readonly best: Int32Array;
}

export interface ScoreTypes {
  readonly dtype: FloatDType;
  readonly products?: Products;
}

export function scoreRows(model: CausalModel, rows: RowsToScore, { dtype, products = 'float' }: ScoreTypes): RowScores {
  return scope(() => {
    const tape = new Tape({ recording: false, products });
    const cache = rows.sharedKeys == null ? null : new SharedPrefix(rows.sharedKeys);
    const pass = { tape, dtype, ...passTensors(rows.positions, rows.segments), cache, dropout: null };
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
