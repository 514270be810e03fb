/** The encoders, read back by the product's own decoders: what a type can represent comes back exactly, all else within half a step. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dequantise } from '../../../compute/formats/quants/dequantise.ts';
import { dtypes } from '../../../compute/tensor/dtype.ts';
import { sequence } from '../kernel-lab.ts';
import { blockDTypes, toBlocks, type BlockDType } from './to-blocks.ts';

const roundTrip = (dtype: BlockDType, values: Float32Array): Float32Array => dequantise(dtype, toBlocks(dtype, values));

/** Roughly normal, with the spread of a trained matrix. */
function weights(count: number, seed: number): Float32Array {
  const next = sequence(seed);
  return Float32Array.from({ length: count }, () => 0.03 * (next() + next() + next()));
}

function relativeError(values: Float32Array, back: Float32Array): number {
  const squares = (numbers: Float32Array): number => numbers.reduce((sum, value) => sum + value ** 2, 0);
  return Math.sqrt(squares(values.map((value, i) => value - (back[i] ?? 0))) / squares(values));
}

/** Steps of one block's grid that every simple type has, with both ends in it. */
const grids: Readonly<Record<'q4_0' | 'q4_1' | 'q5_0' | 'q5_1', (i: number) => number>> = {
  q4_0: (i) => 2 ** -5 * ((i % 16) - 8),
  q4_1: (i) => 2 ** -5 * (i % 16) - 0.125,
  q5_0: (i) => 2 ** -6 * (i - 16),
  q5_1: (i) => 2 ** -6 * i + 0.25,
};

describe('toBlocks', () => {
  it.each(Object.entries(grids))('%s gives back the numbers of its own grid', (dtype, at) => {
    const values = Float32Array.from({ length: 32 }, (_, i) => at(i));
    expect([...roundTrip(dtype as BlockDType, values)]).toEqual([...values]);
  });

  it.each([
    ['q4_k', 15],
    ['q5_k', 31],
  ] as const)('%s gives back numbers on the grids of its sub-blocks', (dtype, most) => {
    // Sub-block j has the scale 63 - 8j and the minimum 7j, in steps of 1/64; each holds 0 … most.
    const values = Float32Array.from({ length: 256 }, (_, i) => (2 ** -6 * ((63 - 8 * (i >> 5)) * (i % (most + 1)) - 63 * (i >> 5))) / 8);
    const back = roundTrip(dtype, values);
    expect(Math.max(...back.map((value, i) => Math.abs(value - (values[i] ?? 0))))).toBeLessThan(1e-6);
  });

  it('q6_k gives back numbers on the grids of its sub-blocks', () => {
    const values = Float32Array.from({ length: 256 }, (_, i) => 2 ** -8 * (-128 + 8 * (i >> 4)) * (((i * 37) % 16) * 4 - 32));
    expect([...roundTrip('q6_k', values)]).toEqual([...values]);
  });

  // The bounds are what these types do to such numbers, with a tenth to spare; one bit more halves the error.
  it.each([
    ['q4_0', 0.088],
    ['q4_1', 0.082],
    ['q5_0', 0.044],
    ['q5_1', 0.04],
    ['q4_k', 0.075],
    ['q5_k', 0.038],
    ['q6_k', 0.0183],
  ] as const)('%s loses no more than it must: relative error below %f', (dtype, bound) => {
    const values = weights(256 * 64, 7);
    const error = relativeError(values, roundTrip(dtype, values));
    expect(error).toBeLessThan(bound);
    expect(error).toBeGreaterThan(0.8 * bound);
  });

  it.each(blockDTypes)('%s takes blocks of zeros, of one number, and of either sign alone', (dtype) => {
    const count = dtypes[dtype].blockElements;
    for (const value of [0, 0.5, -0.5]) {
      const back = roundTrip(dtype, new Float32Array(count).fill(value));
      expect(Math.max(...back.map((got) => Math.abs(got - value)))).toBeLessThanOrEqual(Math.abs(value) * 0.04);
    }
  });

  it.each(['q4_0', 'q4_1', 'q5_0', 'q5_1'] as const)("encodes %s as ggml's own Python package (gguf 0.19) does", (dtype) => {
    const { values, ...encoded } = JSON.parse(readFileSync(new URL('ggml-encoded.fixture.json', import.meta.url), 'utf8')) as Record<string, string>;
    const numbers = new Float32Array(Uint8Array.from(Buffer.from(values ?? '', 'hex')).buffer);
    expect(Buffer.from(toBlocks(dtype, numbers)).toString('hex')).toBe(encoded[dtype]);
  });

  it('refuses numbers that are no whole blocks', () => {
    expect(() => toBlocks('q4_k', new Float32Array(32))).toThrow('no whole q4_k blocks');
  });
});
