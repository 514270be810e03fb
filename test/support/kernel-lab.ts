/** What kernel tests and benches share: tensors from arrays and back, reproducible numbers, the rows of an op, the table's bound. */
import type { Addon, KernelRow, TensorId } from '../../compute/tensor/addon.ts';
import { dtypes, type DType } from '../../compute/tensor/dtype.ts';
import { loadAddon } from '../../compute/tensor/load-addon.ts';

export interface LabTensor {
  readonly id: TensorId;
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/** Reproducible numbers in [-1, 1). */
export function sequence(seed: number): () => number {
  let state = (seed * 2654435761 + 1) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 23 - 1;
  };
}

const word = new Float32Array(1);
const bits = new Uint32Array(word.buffer);

/** Nearest bf16, ties to even, as its 16 bits. */
export function bf16Bits(value: number): number {
  word[0] = value;
  const raw = bits[0] ?? 0;
  return Number.isNaN(value) ? 0x7fc0 : (raw + 0x7fff + ((raw >>> 16) & 1)) >>> 16;
}

function fromBf16(raw: number): number {
  bits[0] = (raw << 16) >>> 0;
  return word[0] ?? NaN;
}

/** The value as the type holds it. */
export const rounded = (value: number, dtype: DType): number => (dtype === 'bf16' ? fromBf16(bf16Bits(value)) : Math.fround(value));

/** Owns the tensors of one test. */
export class KernelLab {
  readonly addon: Addon = loadAddon();
  #live: TensorId[] = [];

  empty(dtype: DType, shape: readonly number[]): LabTensor {
    const id = this.addon.allocate(dtypes[dtype].id, shape, 'test');
    this.#live.push(id);
    return { id, dtype, shape };
  }

  tensor(dtype: 'f32' | 'bf16' | 'i32', shape: readonly number[], values: ArrayLike<number>): LabTensor {
    const tensor = this.empty(dtype, shape);
    const data = dtype === 'f32' ? Float32Array.from(values) : dtype === 'i32' ? Int32Array.from(values) : Uint16Array.from(values, bf16Bits);
    this.addon.write(tensor.id, data, 0);
    return tensor;
  }

  random(dtype: 'f32' | 'bf16', shape: readonly number[], seed: number): LabTensor {
    const next = sequence(seed);
    return this.tensor(dtype, shape, Float64Array.from({ length: shape.reduce((n, size) => n * size, 1) }, next));
  }

  values(tensor: LabTensor): Float64Array {
    const length = tensor.shape.reduce((n, size) => n * size, 1);
    const raw = tensor.dtype === 'f32' ? new Float32Array(length) : tensor.dtype === 'i32' ? new Int32Array(length) : new Uint16Array(length);
    this.addon.read(tensor.id, raw, 0);
    return Float64Array.from(raw, (value) => (tensor.dtype === 'bf16' ? fromBf16(value) : value));
  }

  release(): void {
    for (const id of this.#live) this.addon.release(id);
    this.#live = [];
  }
}

/** The rows of an op that this machine can run; the reference is the first. */
export const rowsOf = (op: string): readonly KernelRow[] =>
  loadAddon()
    .listKernels()
    .filter((row) => row.op === op && row.supported);

/**
 * The worst error in units of the row's bound: tolerance * (|ref| + largest |ref|), and one rounding of the output's type.
 * At most 1 is a pass; NaN on one side only is Infinity.
 */
export function errorInBounds(actual: Float64Array, reference: Float64Array, tolerance: number, dtype: DType): number {
  const largest = reference.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  let worst = 0;
  reference.forEach((expected, i) => {
    const bound = tolerance * (Math.abs(expected) + largest) + Math.abs(expected) * (dtype === 'bf16' ? 2 ** -7 : 2 ** -23) + 1e-38;
    const error = Math.abs((actual[i] ?? NaN) - expected) / bound;
    worst = Object.is(actual[i], expected) ? worst : Number.isNaN(error) ? Infinity : Math.max(worst, error);
  });
  return worst;
}
