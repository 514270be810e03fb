/** Blocks of 256 numbers in sub-blocks with scales of their own: Q4_K, Q5_K, Q6_K (layouts: ggml-quants). Exact as in simple-blocks.ts. */
import type { Block } from './block-decoder.ts';
import { float16At } from './simple-blocks.ts';

const byte = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;

/** Sub-block j's 6-bit scale and minimum out of the 12 packed bytes. */
function scaleAndMin(bytes: Uint8Array, at: number, j: number): [scale: number, min: number] {
  if (j < 4) return [byte(bytes, at + j) & 63, byte(bytes, at + j + 4) & 63];
  const low = byte(bytes, at + j + 4);
  return [(low & 15) | ((byte(bytes, at + j - 4) >> 6) << 4), (low >> 4) | ((byte(bytes, at + j) >> 6) << 4)];
}

/** d, dmin, 12 bytes of scales, 128 bytes of nibbles. x = d s q - dmin m, in eight sub-blocks of 32 */
export function decodeQ4_K({ bytes, at, target, to }: Block): void {
  const d = float16At(bytes, at);
  const dmin = float16At(bytes, at + 2);
  for (let j = 0; j < 8; j++) {
    const [scale, min] = scaleAndMin(bytes, at + 4, j);
    const quants = at + 16 + (j >> 1) * 32;
    const shift = (j & 1) * 4;
    for (let i = 0; i < 32; i++) target[to + j * 32 + i] = d * scale * ((byte(bytes, quants + i) >> shift) & 15) - dmin * min;
  }
}

/** As Q4_K, with 32 bytes of fifth bits before the nibbles: bit j of byte i belongs to number i of sub-block j. */
export function decodeQ5_K({ bytes, at, target, to }: Block): void {
  const d = float16At(bytes, at);
  const dmin = float16At(bytes, at + 2);
  for (let j = 0; j < 8; j++) {
    const [scale, min] = scaleAndMin(bytes, at + 4, j);
    const quants = at + 48 + (j >> 1) * 32;
    const shift = (j & 1) * 4;
    for (let i = 0; i < 32; i++) {
      const q = ((byte(bytes, quants + i) >> shift) & 15) | (((byte(bytes, at + 16 + i) >> j) & 1) << 4);
      target[to + j * 32 + i] = d * scale * q - dmin * min;
    }
  }
}

/** 128 bytes of low nibbles, 64 bytes of high bit pairs, 16 signed scales, d. x = d s (q - 32), in sixteen sub-blocks of 16 */
export function decodeQ6_K({ bytes, at, target, to }: Block): void {
  const d = float16At(bytes, at + 208);
  for (let index = 0; index < 256; index++) {
    const part = index >> 7; // two halves of 128
    const quarter = (index >> 5) & 3; // four runs of 32 in each
    const i = index & 31;
    const low = (byte(bytes, at + part * 64 + (quarter & 1) * 32 + i) >> ((quarter >> 1) * 4)) & 15;
    const high = (byte(bytes, at + 128 + part * 32 + i) >> (quarter * 2)) & 3;
    const scale = (byte(bytes, at + 192 + (index >> 4)) << 24) >> 24;
    target[to + index] = d * scale * ((low | (high << 4)) - 32);
  }
}
