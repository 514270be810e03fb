/**
 * What the layers keep of the tokens so far while one sequence is generated: attention a growing matrix of keys and one of values, a state-space
 * mixer its state and the last inputs of its convolution. Made when a layer first asks, so each keeps only what it needs.
 */
import type { LayerCache } from '../nn/pass.ts';
import type { FloatDType } from '../tensor/dtype.ts';
import { loadAddon } from '../tensor/load-addon.ts';
import { empty, fromInts, rowsOf, tagged, unscoped, zeros, type Tensor } from '../tensor/tensor.ts';

interface KeysAndValues {
  readonly k: Tensor;
  readonly v: Tensor;
}

/** Two states that take turns: one is read while the other is written. */
interface States {
  read: Tensor;
  written: Tensor;
}

export class SequenceCache implements LayerCache {
  readonly capacity: number;
  readonly #dtype: FloatDType;
  readonly #keys = new Map<number, KeysAndValues>();
  readonly #windows = new Map<number, Tensor>();
  readonly #states = new Map<number, States>();
  #length = 0;

  constructor({ capacity, dtype }: { readonly capacity: number; readonly dtype: FloatDType }) {
    this.capacity = capacity;
    this.#dtype = dtype;
  }

  /** Tokens that are past. */
  get length(): number {
    return this.#length;
  }

  extend(layer: number, k: Tensor, v: Tensor): { readonly k: Tensor; readonly v: Tensor; readonly keyOffsets: Tensor } {
    if (this.#length + k.rows > this.capacity) throw new Error(`key-value cache of ${this.capacity} tokens is full`);
    const held = heldIn(this.#keys, layer, () => ({ k: empty(this.#dtype, [this.capacity, k.columns]), v: empty(this.#dtype, [this.capacity, v.columns]) }));
    const end = this.#length + k.rows;
    const rows = rowNumbers(this.#length, end);
    loadAddon().scatterRows(held.k.id, k.id, rows.id);
    loadAddon().scatterRows(held.v.id, v.id, rows.id);
    return { k: rowsOf(held.k, 0, end), v: rowsOf(held.v, 0, end), keyOffsets: fromInts(Int32Array.of(0, end)) };
  }

  window(layer: number, x: Tensor, width: number): Tensor {
    const held = heldIn(this.#windows, layer, () => zeros(this.#dtype, [width, x.columns]));
    const [addon, joined] = [loadAddon(), empty(x.dtype, [width + x.rows, x.columns])];
    addon.scatterRows(joined.id, held.id, rowNumbers(0, width).id);
    addon.scatterRows(joined.id, x.id, rowNumbers(width, width + x.rows).id);
    addon.gatherRows(held.id, joined.id, rowNumbers(x.rows, width + x.rows).id);
    return joined;
  }

  states(layer: number, shape: readonly number[]): { readonly initial: Tensor; readonly final: Tensor } {
    const held = heldIn(this.#states, layer, () => ({ read: empty('f32', shape), written: zeros('f32', shape) }));
    [held.read, held.written] = [held.written, held.read];
    return { initial: held.read, final: held.written };
  }

  /** Counts the tokens of a finished pass: from now on they are past. */
  advance(tokens: number): void {
    this.#length += tokens;
  }

  dispose(): void {
    const keys = [...this.#keys.values()].flatMap(({ k, v }) => [k, v]);
    const states = [...this.#states.values()].flatMap(({ read, written }) => [read, written]);
    [...keys, ...this.#windows.values(), ...states].forEach((tensor) => tensor.release());
    [this.#keys, this.#windows, this.#states].forEach((held) => held.clear());
  }
}

const rowNumbers = (from: number, to: number): Tensor => fromInts(Int32Array.from({ length: to - from }, (_, i) => from + i));

/** What a layer keeps, made at the first call. */
function heldIn<T>(held: Map<number, T>, layer: number, make: () => T): T {
  const found = held.get(layer) ?? tagged('key-value cache', () => unscoped(make));
  held.set(layer, found);
  return found;
}
