/**
 * Blocks of 32 numbers with one scale: Q4_0, Q4_1, Q5_0, Q5_1, Q8_0 (layouts: ggml-quants). All products are exact in float64 and are
 * rounded once when stored, which gives ggml's float32 results to the bit.
 */
import type { Block } from './block-decoder.ts';
import { float16Values } from './half.ts';

const half = 16;
const byte = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;
const uint32 = (bytes: Uint8Array, at: number): number =>
  byte(bytes, at) | (byte(bytes, at + 1) << 8) | (byte(bytes, at + 2) << 16) | (byte(bytes, at + 3) << 24);

export function float16At(bytes: Uint8Array, at: number): number {
  return float16Values()[byte(bytes, at) | (byte(bytes, at + 1) << 8)] ?? 0;
}

/** d, 16 bytes of two nibbles each: the low ones are the first half. x = d (q - 8) */
export function decodeQ4_0({ bytes, at, target, to }: Block): void {
  const d = float16At(bytes, at);
  for (let i = 0; i < half; i++) {
    const pair = byte(bytes, at + 2 + i);
    target[to + i] = d * ((pair & 15) - 8);
    target[to + half + i] = d * ((pair >> 4) - 8);
  }
}

/** d, m, 16 bytes. x = d q + m */
export function decodeQ4_1({ bytes, at, target, to }: Block): void {
  const d = float16At(bytes, at);
  const m = float16At(bytes, at + 2);
  for (let i = 0; i < half; i++) {
    const pair = byte(bytes, at + 4 + i);
    target[to + i] = d * (pair & 15) + m;
    target[to + half + i] = d * (pair >> 4) + m;
  }
}

/** d, 32 fifth bits, 16 bytes. x = d (q - 16) */
export function decodeQ5_0({ bytes, at, target, to }: Block): void {
  const d = float16At(bytes, at);
  const fifths = uint32(bytes, at + 2);
  for (let i = 0; i < half; i++) {
    const pair = byte(bytes, at + 6 + i);
    target[to + i] = d * (((pair & 15) | (((fifths >>> i) & 1) << 4)) - 16);
    target[to + half + i] = d * (((pair >> 4) | (((fifths >>> (i + half)) & 1) << 4)) - 16);
  }
}

/** d, m, 32 fifth bits, 16 bytes. x = d q + m */
export function decodeQ5_1({ bytes, at, target, to }: Block): void {
  const d = float16At(bytes, at);
  const m = float16At(bytes, at + 2);
  const fifths = uint32(bytes, at + 4);
  for (let i = 0; i < half; i++) {
    const pair = byte(bytes, at + 8 + i);
    target[to + i] = d * ((pair & 15) | (((fifths >>> i) & 1) << 4)) + m;
    target[to + half + i] = d * ((pair >> 4) | (((fifths >>> (i + half)) & 1) << 4)) + m;
  }
}

/** d, 32 signed bytes. x = d q */
export function decodeQ8_0({ bytes, at, target, to }: Block): void {
  const d = float16At(bytes, at);
  for (let i = 0; i < 2 * half; i++) target[to + i] = d * ((byte(bytes, at + 2 + i) << 24) >> 24);
}
