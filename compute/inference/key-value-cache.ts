/** Keys and values of the tokens so far, one growing matrix a layer, in the activations' type. */
import type { ModelDimensions } from '../models/causal-model.ts';
import type { KeyValueCache } from '../nn/pass.ts';
import type { FloatDType } from '../tensor/dtype.ts';
import { loadAddon } from '../tensor/load-addon.ts';
import { empty, fromInts, rowsOf, tagged, unscoped, type Tensor } from '../tensor/tensor.ts';

export class SequenceCache implements KeyValueCache {
  readonly capacity: number;
  readonly #layers: readonly { readonly k: Tensor; readonly v: Tensor }[];
  #length = 0;

  constructor({ layers, keyHeads, headSize }: ModelDimensions, { capacity, dtype }: { readonly capacity: number; readonly dtype: FloatDType }) {
    this.capacity = capacity;
    const matrix = (): Tensor => empty(dtype, [capacity, keyHeads * headSize]);
    this.#layers = tagged('key-value cache', () => unscoped(() => Array.from({ length: layers }, () => ({ k: matrix(), v: matrix() }))));
  }

  /** Tokens whose keys and values are held. */
  get length(): number {
    return this.#length;
  }

  extend(layer: number, k: Tensor, v: Tensor): { readonly k: Tensor; readonly v: Tensor; readonly keyOffsets: Tensor } {
    const held = this.#layers[layer];
    if (held === undefined || this.#length + k.rows > this.capacity) throw new Error(`key-value cache of ${this.capacity} tokens is full`);
    const end = this.#length + k.rows;
    const rows = fromInts(Int32Array.from({ length: k.rows }, (_, i) => this.#length + i));
    loadAddon().scatterRows(held.k.id, k.id, rows.id);
    loadAddon().scatterRows(held.v.id, v.id, rows.id);
    return { k: rowsOf(held.k, 0, end), v: rowsOf(held.v, 0, end), keyOffsets: fromInts(Int32Array.of(0, end)) };
  }

  /** Counts the tokens of a finished pass: from now on they are past. */
  advance(tokens: number): void {
    this.#length += tokens;
  }

  dispose(): void {
    for (const { k, v } of this.#layers) [k, v].forEach((tensor) => tensor.release());
  }
}
