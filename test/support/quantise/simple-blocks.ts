/** Encoders of Q4_0, Q4_1, Q5_0, Q5_1: the scale from the block's extremes, each number to the nearest step, in float32 as ggml does. */
import { float32ToFloat16 } from '../../../compute/formats/quants/half.ts';
import type { BlockEncoder } from './block-encoder.ts';

const half = 16;
const { fround } = Math;

/** d, then (for five bits) the fifth bits, then two nibbles a byte. x ≈ d (q - 2^(bits-1)); the value of largest magnitude becomes q = 0. */
function symmetric(bits: 4 | 5): BlockEncoder {
  const middle = 2 ** (bits - 1);
  return (values, bytes) => {
    const extreme = values.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
    const d = fround(extreme / -middle);
    const inverse = d === 0 ? 0 : fround(1 / d);
    bytes.setUint16(0, float32ToFloat16(d), true);
    const numbers = Array.from(values, (value) => Math.min(2 * middle - 1, Math.trunc(fround(fround(value * inverse) + middle + 0.5))));
    writeNumbers(numbers, bytes, { at: 2, bits });
  };
}

/** d, m, then as above. x ≈ d q + m; the smallest becomes 0, the largest 2^bits - 1. */
function withMinimum(bits: 4 | 5): BlockEncoder {
  const most = 2 ** bits - 1;
  return (values, bytes) => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const d = fround(fround(high - low) / most);
    const inverse = d === 0 ? 0 : fround(1 / d);
    bytes.setUint16(0, float32ToFloat16(d), true);
    bytes.setUint16(2, float32ToFloat16(low), true);
    const numbers = Array.from(values, (value) => Math.min(most, Math.trunc(fround(fround(fround(value - low) * inverse) + 0.5))));
    writeNumbers(numbers, bytes, { at: 4, bits });
  };
}

function writeNumbers(numbers: readonly number[], bytes: DataView, { at, bits }: { at: number; bits: 4 | 5 }): void {
  const nibbles = bits === 5 ? at + 4 : at;
  let fifths = 0;
  for (let i = 0; i < half; i++) {
    const [first, second] = [numbers[i] ?? 0, numbers[i + half] ?? 0];
    bytes.setUint8(nibbles + i, (first & 15) | ((second & 15) << 4));
    fifths |= ((first >> 4) << i) | ((second >> 4) << (i + half));
  }
  if (bits === 5) bytes.setUint32(at, fifths >>> 0, true);
}

export const encodeQ4_0 = symmetric(4);
export const encodeQ5_0 = symmetric(5);
export const encodeQ4_1 = withMinimum(4);
export const encodeQ5_1 = withMinimum(5);
