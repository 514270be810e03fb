/** Every elementwise row against the reference row, bit for bit, and the reference against plain TypeScript. */
import { afterEach, describe, expect, it } from 'vitest';
import { KernelLab, rounded, rowsOf, type LabTensor } from '../../support/kernel-lab.ts';
import { compareRows, threadDifferences, type Result } from '../../support/kernel-rows.ts';

type Float = 'f32' | 'bf16';
const types: Float[] = ['f32', 'bf16'];
const mixes = types.flatMap((out) => types.flatMap((a) => types.map((b) => ({ out, a, b }))));
const sizes = [0, 1, 7, 16, 31, 50_001];

const lab = new KernelLab();
afterEach(() => lab.release());

function runOf(elements: number, mix: { out: Float; a: Float; b: Float }): () => Result[] {
  const [a, b] = [lab.random(mix.a, [elements], 1), lab.random(mix.b, [elements], 2)];
  return () => {
    const [sum, product] = [lab.empty(mix.out, [elements]), lab.empty(mix.out, [elements])];
    lab.addon.addScaled(sum.id, a.id, b.id, { alpha: 0.7, beta: -1.3 });
    lab.addon.multiply(product.id, a.id, b.id);
    const squares = Float64Array.of(lab.addon.sumOfSquares(a.id), lab.addon.sumOfSquares(sum.id));
    return [
      { name: 'addScaled', dtype: mix.out, values: lab.values(sum) },
      { name: 'multiply', dtype: mix.out, values: lab.values(product) },
      { name: 'sumOfSquares', dtype: 'f32', values: squares },
    ];
  };
}

describe('elementwise', () => {
  it.each(mixes)('rows give the same bits: %j', (mix) => {
    for (const elements of sizes) expect(compareRows('elementwise', runOf(elements, mix)).differences).toEqual([]);
  });

  it('gives the same bits on any thread count', () => {
    expect(threadDifferences('elementwise', runOf(100_001, { out: 'f32', a: 'f32', b: 'bf16' }))).toEqual([]);
  });

  it.each(mixes)('is the formula: %j', (mix) => {
    const run = runOf(100, mix);
    const [sum, product, squares] = compareRows('elementwise', run).reference;
    const [a, b] = [lab.values(lab.random(mix.a, [100], 1)), lab.values(lab.random(mix.b, [100], 2))];
    const f = Math.fround;
    const expected = a.map((value, i) => rounded(f(f(value * f(0.7)) + f((b[i] ?? NaN) * f(-1.3))), mix.out));
    expect(sum?.values).toEqual(expected);
    expect(product?.values).toEqual(a.map((value, i) => rounded(f(value * (b[i] ?? NaN)), mix.out)));
    expect(squares?.values[0]).toBeCloseTo(
      a.reduce((total, value) => total + value * value, 0),
      12,
    );
  });

  it('sums squares that f32 cannot hold', () => {
    const x = lab.tensor('f32', [3], [1e30, 2e30, 1e-30]);
    for (const row of rowsOf('elementwise')) {
      lab.addon.forceKernel('elementwise', row.name);
      expect(lab.addon.sumOfSquares(x.id) / 1e60).toBeCloseTo(5, 5);
    }
  });

  it('finds one infinity or NaN anywhere', () => {
    const elements = 40_003;
    for (const row of rowsOf('elementwise')) {
      lab.addon.forceKernel('elementwise', row.name);
      for (const dtype of types) {
        const x = lab.random(dtype, [elements], 5);
        expect(lab.addon.allFinite(x.id), row.name).toBe(true);
        for (const at of [0, 17, 16_383, 16_384, elements - 1])
          for (const bad of [NaN, Infinity, -Infinity])
            expect(lab.addon.allFinite(poisoned(x, dtype, at, bad).id), `${row.name} ${String(bad)} at ${String(at)}`).toBe(false);
      }
    }
    expect(lab.addon.allFinite(lab.tensor('f32', [2], [3.4028234663852886e38, -3.4028234663852886e38]).id)).toBe(true);
  });

  it('adds onto its own operands', () => {
    const [a, b] = [lab.random('f32', [777], 1), lab.random('bf16', [777], 2)];
    const expected = lab.empty('f32', [777]);
    lab.addon.addScaled(expected.id, a.id, b.id, { alpha: 1, beta: 1 });
    lab.addon.addScaled(a.id, a.id, b.id, { alpha: 1, beta: 1 });
    expect(lab.values(a)).toEqual(lab.values(expected));
  });

  it('fills every type that has a number for it', () => {
    for (const [dtype, value] of [
      ['f32', 0.1],
      ['bf16', -2.5],
      ['i32', -7],
    ] as const) {
      const x = lab.empty(dtype, [20_011]);
      lab.addon.fill(x.id, value);
      expect(new Set(lab.values(x))).toEqual(new Set([dtype === 'i32' ? value : rounded(value, dtype)]));
    }
    expect(() => lab.addon.fill(lab.empty('i32', [1]).id, NaN)).toThrow(/32-bit/);
  });

  it('refuses other sizes and types', () => {
    const [a, b, i] = [lab.random('f32', [4], 1), lab.random('f32', [5], 1), lab.tensor('i32', [4], [1, 2, 3, 4])];
    expect(() => lab.addon.multiply(a.id, a.id, b.id)).toThrow(/differs from out in size/);
    expect(() => lab.addon.multiply(a.id, a.id, i.id)).toThrow(/may not be i32/);
  });
});

/** x again, with one bad value; given back at once so that many of them fit. */
function poisoned(x: LabTensor, dtype: Float, at: number, value: number): LabTensor {
  const values = lab.values(x);
  values[at] = value;
  return lab.tensor(dtype, x.shape, values);
}
