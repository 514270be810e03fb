/** Token embedding: a row of the table for each id, times a factor that some families have. */
import { embedding } from '../autograd/ops/embedding.ts';
import type { Variable } from '../autograd/tape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Pass } from './pass.ts';

export class Embedding {
  readonly table: Variable;
  readonly scale: number;

  constructor(table: Variable, { scale = 1 }: { readonly scale?: number } = {}) {
    this.table = table;
    this.scale = scale;
  }

  /** ids i32 [T]; returns [T, C] in f32, the type of the residual stream. */
  forward(pass: Pass, ids: Tensor): Variable {
    return embedding(pass.tape, this.table, ids, { dtype: 'f32', scale: this.scale });
  }
}
