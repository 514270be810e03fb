/** Encoders of Q4_K, Q5_K and Q6_K: a searched scale for each sub-block, itself quantised by the block's, then numbers to the nearest step. */
import { float16Values, float32ToFloat16 } from '../../../compute/formats/quants/half.ts';
import { nearest, searchScale, searchScaleAndMin } from './search-scale.ts';
import type { BlockEncoder } from './block-encoder.ts';

const elements = 256;
const float16 = (value: number): number => float16Values()[float32ToFloat16(value)] ?? 0;
const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

const subBlocks = (values: Float32Array, length: number): readonly Float32Array[] =>
  Array.from({ length: elements / length }, (_, j) => values.subarray(j * length, (j + 1) * length));

interface Scaled {
  /** The block's own two scales as float16 stores them. */
  readonly d: number;
  readonly dmin: number;
  /** Of each of eight sub-blocks, 0 … 63. */
  readonly scales: readonly number[];
  readonly mins: readonly number[];
  /** Of each of 256 values. */
  readonly numbers: Uint8Array;
}

/** x ≈ d s q - dmin m in eight sub-blocks of 32. */
function scaleBlock(values: Float32Array, search: Parameters<typeof searchScaleAndMin>[1]): Scaled {
  const subs = subBlocks(values, 32);
  const found = subs.map((sub) => searchScaleAndMin(sub, search));
  const [largestScale, largestMin] = [Math.max(...found.map(({ scale }) => scale)), Math.max(...found.map(({ min }) => min))];
  const steps = (value: number, largest: number): number => (largest > 0 ? Math.min(63, nearest((63 / largest) * value)) : 0);
  const scales = found.map(({ scale }) => steps(scale, largestScale));
  const mins = found.map(({ min }) => steps(min, largestMin));
  const [d, dmin] = [float16(largestScale / 63), float16(largestMin / 63)];
  const numbers = new Uint8Array(elements);
  subs.forEach((sub, j) => {
    const [step, minimum] = [d * (scales[j] ?? 0), dmin * (mins[j] ?? 0)];
    if (step !== 0) sub.forEach((value, i) => (numbers[j * 32 + i] = clamp(nearest((value + minimum) / step), 0, search.most)));
  });
  return { d, dmin, scales, mins, numbers };
}

/** d, dmin and the 12 bytes that hold eight 6-bit scales and minima. */
function writeScales(bytes: DataView, { d, dmin, scales, mins }: Scaled): void {
  bytes.setUint16(0, float32ToFloat16(d), true);
  bytes.setUint16(2, float32ToFloat16(dmin), true);
  for (let j = 0; j < 4; j++) {
    const [scale, min] = [scales[j + 4] ?? 0, mins[j + 4] ?? 0];
    bytes.setUint8(4 + j, (scales[j] ?? 0) | ((scale >> 4) << 6));
    bytes.setUint8(8 + j, (mins[j] ?? 0) | ((min >> 4) << 6));
    bytes.setUint8(12 + j, (scale & 15) | ((min & 15) << 4));
  }
}

/** Nibbles of sub-blocks 2p (low) and 2p + 1 (high), 32 bytes each pair. */
function writeNibbles(bytes: DataView, at: number, numbers: Uint8Array): void {
  for (let pair = 0; pair < 4; pair++)
    for (let i = 0; i < 32; i++) {
      const [low, high] = [numbers[pair * 64 + i] ?? 0, numbers[pair * 64 + 32 + i] ?? 0];
      bytes.setUint8(at + pair * 32 + i, (low & 15) | ((high & 15) << 4));
    }
}

export const encodeQ4_K: BlockEncoder = (values, bytes) => {
  const scaled = scaleBlock(values, { most: 15, from: -1, steps: 20 });
  writeScales(bytes, scaled);
  writeNibbles(bytes, 16, scaled.numbers);
};

export const encodeQ5_K: BlockEncoder = (values, bytes) => {
  const scaled = scaleBlock(values, { most: 31, from: -0.5, steps: 15 });
  writeScales(bytes, scaled);
  for (let i = 0; i < 32; i++) {
    const fifths = Array.from({ length: 8 }, (_, j) => ((scaled.numbers[j * 32 + i] ?? 0) >> 4) << j);
    bytes.setUint8(
      16 + i,
      fifths.reduce((all, bit) => all | bit, 0),
    );
  }
  writeNibbles(bytes, 48, scaled.numbers);
};

/** x ≈ d s (q - 32) in sixteen sub-blocks of 16, s signed. The largest scale becomes -128. */
export const encodeQ6_K: BlockEncoder = (values, bytes) => {
  const subs = subBlocks(values, 16);
  const found = subs.map((sub) => searchScale(sub, 32));
  const extreme = found.reduce((most, scale) => (Math.abs(scale) > Math.abs(most) ? scale : most), 0);
  if (extreme === 0) return; // all zeros
  const d = float16(extreme / -128);
  bytes.setUint16(208, float32ToFloat16(d), true);
  subs.forEach((sub, j) => {
    const scale = Math.min(127, nearest((-128 / extreme) * (found[j] ?? 0)));
    bytes.setInt8(192 + j, scale);
    const step = d * scale;
    sub.forEach((value, i) => {
      const q = step === 0 ? 0 : clamp(nearest(value / step), -32, 31) + 32;
      writeSixBits(bytes, j * 16 + i, q);
    });
  });
};

/** Two halves of 128 values; in each, four runs of 32 share 64 bytes of nibbles and 32 bytes of bit pairs. */
function writeSixBits(bytes: DataView, index: number, q: number): void {
  const [half, run, i] = [index >> 7, (index >> 5) & 3, index & 31];
  const low = half * 64 + (run & 1) * 32 + i;
  const high = 128 + half * 32 + i;
  bytes.setUint8(low, bytes.getUint8(low) | ((q & 15) << ((run >> 1) * 4)));
  bytes.setUint8(high, bytes.getUint8(high) | ((q >> 4) << (run * 2)));
}
