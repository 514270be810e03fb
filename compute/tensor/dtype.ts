/** Element types of tensors: their names, block sizes and byte counts. Mirrors `compute/native/core/dtype.h`. */

interface DTypeRow {
  /** Number the C++ side knows the type by. */
  readonly id: number;
  /** Elements in one block; 1 for plain types. A row's length is a multiple of it. */
  readonly blockElements: number;
  /** Bytes of one block. */
  readonly blockBytes: number;
}

/** Block layouts of the quantised types are ggml's (ggml-quants). */
export const dtypes = {
  f32: { id: 0, blockElements: 1, blockBytes: 4 },
  f16: { id: 1, blockElements: 1, blockBytes: 2 },
  bf16: { id: 2, blockElements: 1, blockBytes: 2 },
  i32: { id: 3, blockElements: 1, blockBytes: 4 },
  q8_0: { id: 4, blockElements: 32, blockBytes: 34 },
  q4_0: { id: 5, blockElements: 32, blockBytes: 18 },
  q4_1: { id: 6, blockElements: 32, blockBytes: 20 },
  q5_0: { id: 7, blockElements: 32, blockBytes: 22 },
  q5_1: { id: 8, blockElements: 32, blockBytes: 24 },
  q4_k: { id: 9, blockElements: 256, blockBytes: 144 },
  q5_k: { id: 10, blockElements: 256, blockBytes: 176 },
  q6_k: { id: 11, blockElements: 256, blockBytes: 210 },
} as const satisfies Record<string, DTypeRow>;

export type DType = keyof typeof dtypes;
/** Types that activations and trained weights may have. */
export type FloatDType = 'f32' | 'bf16';

/** Bytes that a contiguous tensor of this type and shape (outermost dimension first) takes. */
export function byteLength(dtype: DType, shape: readonly number[]): number {
  const { blockElements, blockBytes } = dtypes[dtype];
  return (shape.reduce((product, size) => product * size, 1) / blockElements) * blockBytes;
}
