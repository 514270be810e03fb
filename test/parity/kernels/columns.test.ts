/** Every column row against the reference row, bit for bit, and the reference against plain TypeScript. */
import { afterEach, describe, expect, it } from 'vitest';
import { KernelLab, rounded, rowsOf } from '../../support/kernel-lab.ts';
import { compareRows, threadDifferences, type Result } from '../../support/kernel-rows.ts';

type Float = 'f32' | 'bf16';
const types: Float[] = ['f32', 'bf16'];
const mixes = types.flatMap((x) => types.map((other) => ({ x, other })));
const shapes = [
  [0, 5],
  [1, 1],
  [3, 7],
  [17, 16],
  [40, 33],
  [300, 577],
] as const;

const lab = new KernelLab();
afterEach(() => lab.release());

function runOf([rows, columns]: readonly [number, number], mix: { x: Float; other: Float }): () => Result[] {
  const [x, other, scale] = [lab.random(mix.x, [rows, columns], 1), lab.random(mix.other, [rows, columns], 2), lab.random('f32', [columns], 3)];
  return () => {
    const [plain, added, sums] = [lab.empty(mix.x, [rows, columns]), lab.empty(mix.other, [rows, columns]), lab.empty('f32', [columns])];
    lab.addon.scaleColumns(plain.id, x.id, scale.id, 0 as typeof x.id);
    lab.addon.scaleColumns(added.id, x.id, scale.id, other.id);
    lab.addon.columnDots(sums.id, x.id, other.id);
    const named = { plain, added, sums };
    return Object.entries(named).map(([name, tensor]) => ({ name, dtype: tensor.dtype, values: lab.values(tensor) }));
  };
}

describe('columns', () => {
  it.each(mixes)('rows give the same bits: %j', (mix) => {
    for (const shape of shapes) expect(compareRows('columns', runOf(shape, mix)).differences).toEqual([]);
  });

  it('gives the same bits on any thread count', () => {
    expect(threadDifferences('columns', runOf([200, 600], { x: 'bf16', other: 'f32' }))).toEqual([]);
  });

  it.each(mixes)('is the formula: %j', (mix) => {
    const [rows, columns] = [21, 6];
    const [plain, added, sums] = compareRows('columns', runOf([rows, columns], mix)).reference;
    const [x, other] = [lab.values(lab.random(mix.x, [rows, columns], 1)), lab.values(lab.random(mix.other, [rows, columns], 2))];
    const scale = lab.values(lab.random('f32', [columns], 3));
    const f = Math.fround;
    const scaled = x.map((value, i) => f(value * (scale[i % columns] ?? NaN)));
    expect(plain?.values).toEqual(scaled.map((value) => rounded(value, mix.x)));
    expect(added?.values).toEqual(scaled.map((value, i) => rounded(f(value + (other[i] ?? NaN)), mix.other)));
    Array.from({ length: columns }, (_, c) => {
      const sum = Array.from({ length: rows }, (_row, r) => (x[r * columns + c] ?? NaN) * (other[r * columns + c] ?? NaN)).reduce((a, b) => a + b, 0);
      expect(sums?.values[c]).toBeCloseTo(sum, 5);
    });
  });

  it('writes over its own operands', () => {
    const [x, add, scale] = [lab.random('f32', [9, 40], 1), lab.random('f32', [9, 40], 2), lab.random('f32', [40], 3)];
    const expected = lab.empty('f32', [9, 40]);
    for (const row of rowsOf('columns')) {
      lab.addon.forceKernel('columns', row.name);
      const mine = lab.tensor('f32', [9, 40], lab.values(add));
      lab.addon.scaleColumns(expected.id, x.id, scale.id, add.id);
      lab.addon.scaleColumns(mine.id, x.id, scale.id, mine.id);
      expect(lab.values(mine)).toEqual(lab.values(expected));
    }
  });

  it('refuses shapes that do not fit', () => {
    const [x, y, scale] = [lab.random('f32', [4, 8], 1), lab.random('f32', [8, 4], 1), lab.random('f32', [7], 1)];
    expect(() => lab.addon.scaleColumns(x.id, x.id, scale.id, 0 as typeof x.id)).toThrow(/scale has another length/);
    expect(() => lab.addon.columnDots(lab.empty('f32', [8]).id, x.id, y.id)).toThrow(/b has another shape/);
  });
});
