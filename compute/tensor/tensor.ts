/**
 * Tensors: counted handles over native memory, and the scopes that free them.
 *
 * A tensor is born with one owner, the innermost scope. Leaving the scope gives up that ownership for every tensor but
 * the ones returned, which pass to the scope outside. Whoever must outlive the scope (a tape node, a cache) retains.
 */
import type { TensorId } from './addon.ts';
import { byteLength, dtypes, type DType, type FloatDType } from './dtype.ts';
import { loadAddon } from './load-addon.ts';
import { nativeFailure } from './native-failure.ts';

export class Tensor {
  readonly id: TensorId;
  readonly dtype: DType;
  /** Outermost dimension first. */
  readonly shape: readonly number[];
  #owners = 1;

  constructor(id: TensorId, dtype: DType, shape: readonly number[]) {
    this.id = id;
    this.dtype = dtype;
    this.shape = shape;
    currentScope?.push(this);
  }

  get columns(): number {
    return this.shape[this.shape.length - 1] ?? 1;
  }

  get rows(): number {
    let rows = 1;
    for (let i = 0; i < this.shape.length - 1; i += 1) rows *= this.shape[i] ?? 1;
    return rows;
  }

  get bytes(): number {
    return byteLength(this.dtype, this.shape);
  }

  /** More than one owner: nobody may write to it in place. */
  get isShared(): boolean {
    return this.#owners > 1;
  }

  /** One more owner. */
  retain(): this {
    this.#owners += 1;
    return this;
  }

  /** One owner fewer; the last one frees the memory. */
  release(): void {
    this.#owners -= 1;
    if (this.#owners === 0) loadAddon().release(this.id);
  }
}

let currentScope: Tensor[] | undefined;
let currentTag = 'activations';

function tensorsIn(result: unknown, found: Set<Tensor>): Set<Tensor> {
  if (result instanceof Tensor) found.add(result);
  else if (Array.isArray(result)) result.forEach((item) => tensorsIn(item, found));
  else if (result !== null && typeof result === 'object' && !ArrayBuffer.isView(result)) {
    const parts = 'value' in result ? [result.value] : Object.getPrototypeOf(result) === Object.prototype ? Object.values(result) : [];
    parts.forEach((part) => tensorsIn(part, found));
  }
  return found;
}

/**
 * Runs `body` and frees every tensor made in it, but for those it returns: a tensor, a variable (its `value`), an array or a plain record of them.
 * They belong to the scope outside, or to the caller where there is none.
 */
export function scope<T>(body: () => T): T {
  const outer = currentScope;
  const mine: Tensor[] = [];
  currentScope = mine;
  let kept = new Set<Tensor>();
  try {
    const result = body();
    kept = tensorsIn(result, kept);
    return result;
  } finally {
    currentScope = outer;
    for (const tensor of mine) {
      if (!kept.has(tensor)) tensor.release();
      else outer?.push(tensor);
    }
  }
}

/** Runs `body` outside of any scope: what it makes belongs to the caller, who releases it. */
export function unscoped<T>(body: () => T): T {
  const outer = currentScope;
  currentScope = undefined;
  try {
    return body();
  } finally {
    currentScope = outer;
  }
}

/** As `scope`, but what is returned belongs to the caller, who releases it. */
export const owned = <T>(body: () => T): T => unscoped(() => scope(body));

/** Counts what `body` allocates to a part of the memory plan (`weights`, `adapter`, `optimizer`, `activations` …). */
export function tagged<T>(tag: string, body: () => T): T {
  const outer = currentTag;
  currentTag = tag;
  try {
    return body();
  } finally {
    currentTag = outer;
  }
}

export const allocationTag = (): string => currentTag;

/** Memory for a tensor, not initialised. Throws ARENA_FULL. */
export function empty(dtype: DType, shape: readonly number[]): Tensor {
  try {
    return new Tensor(loadAddon().allocate(dtypes[dtype].id, shape, currentTag), dtype, shape);
  } catch (error) {
    throw nativeFailure(error, currentTag);
  }
}

export function zeros(dtype: FloatDType, shape: readonly number[]): Tensor {
  const tensor = empty(dtype, shape);
  loadAddon().fill(tensor.id, 0);
  return tensor;
}

export function fromFloats(values: Float32Array, shape: readonly number[] = [values.length]): Tensor {
  const tensor = empty('f32', shape);
  loadAddon().write(tensor.id, values, 0);
  return tensor;
}

export function fromInts(values: Int32Array, shape: readonly number[] = [values.length]): Tensor {
  const tensor = empty('i32', shape);
  loadAddon().write(tensor.id, values, 0);
  return tensor;
}

/** A copy of the values as f32, whatever the element type. Small tensors only: JavaScript's memory is limited. */
export function toFloats(tensor: Tensor): Float32Array {
  const values = new Float32Array(tensor.shape.reduce((product, size) => product * size, 1));
  if (tensor.dtype === 'f32') {
    loadAddon().read(tensor.id, values, 0);
    return values;
  }
  scope(() => {
    loadAddon().read(convert(tensor, 'f32').id, values, 0);
  });
  return values;
}

export function toInts(tensor: Tensor): Int32Array {
  const values = new Int32Array(tensor.shape.reduce((product, size) => product * size, 1));
  loadAddon().read(tensor.id, values, 0);
  return values;
}

/** A new tensor of another float type; dequantises stored weights. */
export function convert(tensor: Tensor, dtype: FloatDType): Tensor {
  const out = empty(dtype, tensor.shape);
  loadAddon().convert(out.id, tensor.id, { scale: 1 });
  return out;
}

/** The same values in memory of their own. */
export function copy(tensor: Tensor): Tensor {
  return convert(tensor, tensor.dtype === 'bf16' ? 'bf16' : 'f32');
}

/** The same memory in another shape. */
export function reshape(tensor: Tensor, shape: readonly number[]): Tensor {
  return new Tensor(loadAddon().view(tensor.id, 0, dtypes[tensor.dtype].id, shape), tensor.dtype, shape);
}

/** Rows [from, to) of a matrix, without a copy. */
export function rowsOf(tensor: Tensor, from: number, to: number): Tensor {
  const shape = [to - from, tensor.columns];
  const offset = byteLength(tensor.dtype, [from, tensor.columns]);
  return new Tensor(loadAddon().view(tensor.id, offset, dtypes[tensor.dtype].id, shape), tensor.dtype, shape);
}
