/**
 * Keys and values for packed rows that begin alike: the common part is computed once, as a segment of its own, and stands before each tail as if
 * it had been computed with it. Only the gathering differs from a row in one piece, so the numbers are the same. For attention only: a
 * state-space mixer has no rows to gather.
 */
import type { LayerCache } from '../nn/pass.ts';
import { loadAddon } from '../tensor/load-addon.ts';
import { empty, fromInts, type Tensor } from '../tensor/tensor.ts';

/** Which rows of the pass each segment sees. */
export interface SharedKeys {
  /** For all segments one after another, the rows that are its keys, its own last. */
  readonly rows: Int32Array;
  /** i32 [S + 1]: where each segment's keys begin in `rows`. */
  readonly offsets: Int32Array;
}

export class SharedPrefix implements LayerCache {
  readonly #rows: Tensor;
  readonly #offsets: Tensor;

  /** The tensors belong to the scope this is called in. */
  constructor({ rows, offsets }: SharedKeys) {
    this.#rows = fromInts(rows);
    this.#offsets = fromInts(offsets);
  }

  extend(_layer: number, k: Tensor, v: Tensor): { readonly k: Tensor; readonly v: Tensor; readonly keyOffsets: Tensor } {
    return { k: this.#gathered(k), v: this.#gathered(v), keyOffsets: this.#offsets };
  }

  #gathered(x: Tensor): Tensor {
    const rows = empty(x.dtype, [this.#rows.shape[0] ?? 0, x.columns]);
    loadAddon().gatherRows(rows.id, x.id, this.#rows.id);
    return rows;
  }

  window(): never {
    throw new Error('a convolution cannot share a prefix');
  }

  states(): never {
    throw new Error('a state-space mixer cannot share a prefix');
  }
}
