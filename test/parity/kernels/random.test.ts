/** Philox against its published answers, every row against the reference row bit for bit, and the numbers' distributions. */
import { afterEach, describe, expect, it } from 'vitest';
import { KernelLab, rounded } from '../../support/kernel-lab.ts';
import { compareRows, threadDifferences, type Result } from '../../support/kernel-rows.ts';

type Float = 'f32' | 'bf16';
type Four = readonly [number, number, number, number];
const lab = new KernelLab();
afterEach(() => lab.release());

/** Philox4x32-10 from the paper: counter and key to four words. */
function philox(counter: Four, key: readonly [number, number]): Four {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const [p0, p1] = [BigInt(c0) * 0xd2511f53n, BigInt(c2) * 0xcd9e8d57n];
    const high = (product: bigint): number => Number(product >> 32n);
    const low = (product: bigint): number => Number(product & 0xffffffffn);
    [c0, c1, c2, c3] = [(high(p1) ^ c1 ^ k0) >>> 0, low(p1), (high(p0) ^ c3 ^ k1) >>> 0, low(p0)];
    [k0, k1] = [(k0 + 0x9e3779b9) >>> 0, (k1 + 0xbb67ae85) >>> 0];
  }
  return [c0, c1, c2, c3];
}

const halves = (value: number): [number, number] => [value % 2 ** 32, Math.floor(value / 2 ** 32)];

/** The word of one element, by the contract in random.h. */
function wordOf(element: number, { seed, stream }: { seed: number; stream: number }): number {
  const block = Math.floor(element / 64) * 16 + (element % 16);
  return philox([...halves(block), ...halves(stream)], halves(seed))[Math.floor((element % 64) / 16)] ?? NaN;
}

const keys = [
  { seed: 0, stream: 0 },
  { seed: 1234, stream: 7 },
  { seed: 2 ** 53, stream: 2 ** 40 + 3 },
];

function runOf(elements: number, dtype: Float, key: { seed: number; stream: number }): () => Result[] {
  const x = lab.random(dtype, [elements], 1);
  return () => {
    const [dropped, uniform, normal] = [lab.empty(dtype, [elements]), lab.empty(dtype, [elements]), lab.empty(dtype, [elements])];
    lab.addon.dropout(dropped.id, x.id, { p: 0.1, ...key });
    lab.addon.randomUniform(uniform.id, { low: -0.25, high: 0.75, ...key });
    lab.addon.randomNormal(normal.id, { mean: 1, deviation: 2, ...key });
    return Object.entries({ dropped, uniform, normal }).map(([name, tensor]) => ({ name, dtype, values: lab.values(tensor) }));
  };
}

describe('random', () => {
  it('agrees with the answers published with Philox (Random123, kat_vectors)', () => {
    const f = 0xffffffff;
    expect(philox([0, 0, 0, 0], [0, 0])).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
    expect(philox([f, f, f, f], [f, f])).toEqual([0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]);
    expect(philox([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])).toEqual([0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1]);
  });

  it.each(keys)('draws the words of the contract: %j', (key) => {
    const elements = 333;
    const [dropped, uniform] = compareRows('random', runOf(elements, 'f32', key)).reference;
    const words = Array.from({ length: elements }, (_, i) => wordOf(i, key));
    const x = lab.values(lab.random('f32', [elements], 1));
    const scale = Math.fround(1 / 0.9);
    expect(uniform?.values).toEqual(Float64Array.from(words, (word) => Math.fround(-0.25 + Math.fround((word >>> 8) / 2 ** 24))));
    expect(dropped?.values).toEqual(Float64Array.from(words, (word, i) => Math.fround((x[i] ?? NaN) * (word / 2 ** 32 >= 0.1 ? scale : 0))));
  });

  it.each(['f32', 'bf16'] as const)('rows give the same bits: %s', (dtype) => {
    for (const elements of [0, 1, 15, 16, 63, 64, 65, 1000, 50_001])
      for (const key of keys) expect(compareRows('random', runOf(elements, dtype, key)).differences).toEqual([]);
  });

  it('gives the same bits on any thread count', () => {
    expect(threadDifferences('random', runOf(100_001, 'f32', { seed: 5, stream: 6 }))).toEqual([]);
  });

  it('draws the same mask again for the gradient, and another for another stream', () => {
    const ones = lab.tensor('f32', [5000], new Float64Array(5000).fill(1));
    const mask = (stream: number): Float64Array => {
      const y = lab.empty('f32', [5000]);
      lab.addon.dropout(y.id, ones.id, { p: 0.5, seed: 42, stream });
      return lab.values(y);
    };
    expect(mask(1)).toEqual(mask(1));
    const [a, b] = [mask(1), mask(2)];
    const agreements = a.filter((value, i) => value === b[i]).length;
    expect(Math.abs(agreements - 2500)).toBeLessThan(5 * Math.sqrt(1250));
  });

  it('keeps what p says, and works in place', () => {
    const elements = 200_000;
    for (const p of [0, 0.1, 0.9]) {
      const x = lab.tensor('f32', [elements], new Float64Array(elements).fill(1));
      lab.addon.dropout(x.id, x.id, { p, seed: 9, stream: 1 });
      const values = lab.values(x);
      const kept = values.filter((value) => value !== 0);
      expect(new Set(kept)).toEqual(new Set([rounded(1 / (1 - p), 'f32')]));
      expect(Math.abs(kept.length - elements * (1 - p))).toBeLessThanOrEqual(5 * Math.sqrt(elements * p * (1 - p)));
    }
    const x = lab.random('f32', [4], 1);
    expect(() => lab.addon.dropout(x.id, x.id, { p: 1, seed: 0, stream: 0 })).toThrow(/outside \[0, 1\)/);
    expect(() => lab.addon.dropout(x.id, x.id, { p: 0.5, seed: 0.5, stream: 0 })).toThrow(/whole number/);
  });

  it('stays below the upper end, and is flat and bell-shaped', () => {
    const elements = 400_000;
    const [uniform, normal] = [lab.empty('f32', [elements]), lab.empty('f32', [elements])];
    lab.addon.randomUniform(uniform.id, { low: 0.5, high: 0.5000001, seed: 3, stream: 3 });
    expect(lab.values(uniform).every((value) => value >= 0.5 && value < Math.fround(0.5000001))).toBe(true);
    lab.addon.randomUniform(uniform.id, { low: -1, high: 1, seed: 3, stream: 3 });
    lab.addon.randomNormal(normal.id, { mean: 3, deviation: 0.5, seed: 3, stream: 4 });
    const moments = (values: Float64Array, mean: number): number[] =>
      [1, 2, 4].map((k) => values.reduce((sum, value) => sum + (value - mean) ** k, 0) / values.length);
    const [u1 = NaN, u2 = NaN] = moments(lab.values(uniform), 0);
    expect(Math.abs(u1)).toBeLessThan(0.005);
    expect(u2).toBeCloseTo(1 / 3, 2);
    const [n1 = NaN, n2 = NaN, n4 = NaN] = moments(lab.values(normal), 3);
    expect(Math.abs(n1)).toBeLessThan(0.005);
    expect(n2).toBeCloseTo(0.25, 2);
    expect(n4 / n2 ** 2).toBeCloseTo(3, 1);
  });
});
