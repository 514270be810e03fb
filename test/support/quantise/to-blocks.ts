/**
 * Float32 numbers to any stored type, as plainly as ggml's own reference routines do it: for measuring what a quantised base costs.
 * The product writes F32, F16, BF16 and Q8_0 only, and those come from its own `quantise`.
 */
import { dtypes } from '../../../compute/tensor/dtype.ts';
import { quantise, type WritableDType } from '../../../compute/formats/quants/quantise.ts';
import type { BlockEncoder } from './block-encoder.ts';
import { encodeQ4_K, encodeQ5_K, encodeQ6_K } from './k-blocks.ts';
import { encodeQ4_0, encodeQ4_1, encodeQ5_0, encodeQ5_1 } from './simple-blocks.ts';

const encoders = {
  q4_0: encodeQ4_0,
  q4_1: encodeQ4_1,
  q5_0: encodeQ5_0,
  q5_1: encodeQ5_1,
  q4_k: encodeQ4_K,
  q5_k: encodeQ5_K,
  q6_k: encodeQ6_K,
} as const satisfies Readonly<Record<string, BlockEncoder>>;

export type BlockDType = keyof typeof encoders;
export type QuantisedDType = WritableDType | BlockDType;

export const blockDTypes = Object.keys(encoders) as readonly BlockDType[];

const isBlockDType = (dtype: QuantisedDType): dtype is BlockDType => dtype in encoders;

/** `values` must be whole blocks of `dtype`. */
export function toBlocks(dtype: QuantisedDType, values: Float32Array): Uint8Array {
  if (!isBlockDType(dtype)) return quantise(dtype, values);
  const { blockBytes, blockElements } = dtypes[dtype];
  if (values.length % blockElements !== 0) throw new Error(`${String(values.length)} numbers are no whole ${dtype} blocks`);
  const blocks = values.length / blockElements;
  const bytes = new Uint8Array(blocks * blockBytes);
  for (let block = 0; block < blocks; block++) {
    encoders[dtype](values.subarray(block * blockElements, (block + 1) * blockElements), new DataView(bytes.buffer, block * blockBytes, blockBytes));
  }
  return bytes;
}
