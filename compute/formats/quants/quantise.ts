/** Float32 numbers to the types that merged models are written in: F32, F16, BF16, Q8_0, with ggml's rounding. */
import { dtypes, type DType } from '../../tensor/dtype.ts';
import { float32ToBfloat16, float32ToFloat16 } from './half.ts';

/** Types that can be written from numbers. */
export type WritableDType = Extract<DType, 'f32' | 'f16' | 'bf16' | 'q8_0'>;

export function quantise(dtype: WritableDType, values: Float32Array): Uint8Array {
  switch (dtype) {
    case 'f32':
      return new Uint8Array(values.slice().buffer);
    case 'f16':
      return to16(values, float32ToFloat16);
    case 'bf16':
      return to16(values, float32ToBfloat16);
    case 'q8_0':
      return toQ8_0(values);
  }
}

function to16(values: Float32Array, convert: (value: number) => number): Uint8Array {
  const bits = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) bits[i] = convert(values[i] ?? 0);
  return new Uint8Array(bits.buffer);
}

/** d = max|x| / 127 as float16; q = x / d by the unrounded d, halves away from zero. All steps in float32, as ggml's reference. */
function toQ8_0(values: Float32Array): Uint8Array {
  const { blockBytes, blockElements } = dtypes.q8_0;
  if (values.length % blockElements !== 0) throw new Error(`${String(values.length)} numbers are no whole Q8_0 blocks`);
  const bytes = new Uint8Array((values.length / blockElements) * blockBytes);
  for (let from = 0, at = 0; from < values.length; from += blockElements, at += blockBytes) {
    const block = values.subarray(from, from + blockElements);
    const largest = block.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const d = Math.fround(largest / 127);
    const inverse = d === 0 ? 0 : Math.fround(1 / d);
    const scale = float32ToFloat16(d);
    bytes[at] = scale & 255;
    bytes[at + 1] = scale >> 8;
    for (let i = 0; i < blockElements; i++) bytes[at + 2 + i] = roundHalfAway(Math.fround((block[i] ?? 0) * inverse));
  }
  return bytes;
}

const roundHalfAway = (value: number): number => (value < 0 ? -Math.floor(-value + 0.5) : Math.floor(value + 0.5));
