/** The reference decoders and encoders against blocks that ggml's own Python package (gguf 0.19) decoded and encoded. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { dequantise } from './dequantise.ts';
import { float16Values, float32ToBfloat16, float32ToFloat16 } from './half.ts';
import { quantise } from './quantise.ts';

const Row = z.object({ bytes: z.string(), values: z.string() });
const Fixture = z.object({
  decode: z.object({ f16: Row, bf16: Row, q4_0: Row, q4_1: Row, q5_0: Row, q5_1: Row, q8_0: Row, q4_k: Row, q5_k: Row, q6_k: Row }),
  encode: z.object({ values: z.string(), f16: z.string(), bf16: z.string(), q8_0: z.string() }),
});
const fixture = Fixture.parse(JSON.parse(readFileSync(new URL('ggml-blocks.fixture.json', import.meta.url), 'utf8')));

const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const floats = (hex: string): Float32Array => new Float32Array(fromHex(hex).buffer);

describe('dequantise', () => {
  it.each(['f16', 'bf16', 'q4_0', 'q4_1', 'q5_0', 'q5_1', 'q8_0', 'q4_k', 'q5_k', 'q6_k'] as const)('decodes %s to the bit', (dtype) => {
    const { bytes, values } = fixture.decode[dtype];
    expect([...dequantise(dtype, fromHex(bytes))]).toEqual([...floats(values)]);
  });

  it('passes float32 through', () => {
    const values = floats(fixture.encode.values);
    expect([...dequantise('f32', quantise('f32', values))]).toEqual([...values]);
  });
});

describe('quantise', () => {
  it.each(['f16', 'bf16', 'q8_0'] as const)('encodes %s to the bit', (dtype) => {
    expect(Buffer.from(quantise(dtype, floats(fixture.encode.values))).toString('hex')).toBe(fixture.encode[dtype]);
  });
});

describe('float16', () => {
  it('gives back all of its own values', () => {
    const wrong = [...float16Values()].flatMap((value, bits) => (Number.isNaN(value) || float32ToFloat16(value) === bits ? [] : [bits]));
    expect(wrong).toEqual([]);
  });

  it('rounds ties to even, overflows to infinity, keeps NaN', () => {
    expect(float32ToFloat16(1 + 2 ** -11)).toBe(0x3c00);
    expect(float32ToFloat16(1 + 3 * 2 ** -11)).toBe(0x3c02);
    expect(float32ToFloat16(2 ** -25)).toBe(0);
    expect(float32ToFloat16(3 * 2 ** -26)).toBe(1);
    expect(float32ToFloat16(65519)).toBe(0x7bff);
    expect(float32ToFloat16(65520)).toBe(0x7c00);
    expect(float32ToFloat16(NaN) & 0x7fff).toBe(0x7e00);
    expect(float32ToBfloat16(NaN) & 0x7fff).toBeGreaterThan(0x7f80);
  });
});
