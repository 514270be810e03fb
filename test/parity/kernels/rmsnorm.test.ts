/** Every norm row against the reference row, the reference against plain TypeScript, and the same bits on any thread count. */
import { afterEach, describe, expect, it } from 'vitest';
import { rmsNormReference } from '../../../compute/autograd/ops/rms-norm.ts';
import { errorInBounds, KernelLab, sequence, type LabTensor } from '../../support/kernel-lab.ts';
import { compareRows, threadDifferences, type Result } from '../../support/kernel-rows.ts';

type Float = 'f32' | 'bf16';
interface Case {
  readonly rows: number;
  readonly columns: number;
  readonly x?: Float;
  readonly w?: Float | 'f16';
  readonly gradient?: Float;
  readonly offset?: number;
  readonly accumulate?: boolean;
}

const lab = new KernelLab();
afterEach(() => lab.release());

/** 1 + k/64: the same number in f32, f16 and bf16 alike. */
function weight(dtype: Float | 'f16', columns: number): LabTensor {
  const values = Float64Array.from({ length: columns }, (_, i) => 1 + (i % 32) / 64);
  if (dtype !== 'f16') return lab.tensor(dtype, [columns], values);
  const w = lab.empty('f16', [columns]);
  lab.addon.write(
    w.id,
    Uint16Array.from(values, (value) => 0x3c00 + Math.round((value - 1) * 1024)),
    0,
  );
  return w;
}

function runOf({ rows, columns, x: xType = 'f32', w: wType = 'f32', gradient = xType, offset = 0, accumulate = false }: Case): () => Result[] {
  const [x, dy, w] = [lab.random(xType, [rows, columns], 1), lab.random(gradient, [rows, columns], 2), weight(wType, columns)];
  return () => {
    const [y, inverseRms] = [lab.empty(xType, [rows, columns]), lab.empty('f32', [rows])];
    const [dx, dw] = [lab.random(gradient, [rows, columns], 3), lab.random('f32', [columns], 4)];
    lab.addon.rmsnormForward(y.id, inverseRms.id, x.id, w.id, { epsilon: 1e-5, offset });
    lab.addon.rmsnormBackward(dx.id, dw.id, dy.id, x.id, { w: w.id, inverseRms: inverseRms.id, offset, accumulate });
    const named = { y, inverseRms, dx, dw };
    return Object.entries(named).map(([name, tensor]) => ({ name, dtype: tensor.dtype, values: lab.values(tensor) }));
  };
}

const cases: Case[] = [
  { rows: 0, columns: 8 },
  { rows: 1, columns: 1, accumulate: true },
  { rows: 3, columns: 7, offset: 1 },
  { rows: 5, columns: 16, accumulate: true },
  { rows: 40, columns: 17, w: 'bf16' },
  { rows: 33, columns: 33, w: 'f16', accumulate: true },
  { rows: 300, columns: 576, x: 'bf16', w: 'f16' },
  { rows: 70, columns: 97, x: 'bf16', gradient: 'f32', accumulate: true },
  { rows: 1030, columns: 100, gradient: 'bf16', w: 'bf16' },
];

describe('rmsnorm', () => {
  it.each(cases)('rows agree: %j', (options) => {
    expect(compareRows('rmsnorm', runOf(options)).differences).toEqual([]);
  });

  it('gives the same bits on any thread count', () => {
    expect(threadDifferences('rmsnorm', runOf({ rows: 200, columns: 600 }))).toEqual([]);
  });

  it('is the formula, forward', () => {
    const [rows, columns] = [4, 13];
    const run = runOf({ rows, columns, offset: 1 });
    const x = Array.from({ length: rows * columns }, sequence(1)).map(Math.fround);
    const w = Array.from({ length: columns }, (_, i) => 1 + (i % 32) / 64);
    const expected = Array.from({ length: rows }, (_, row) => rmsNormReference(x.slice(row * columns, (row + 1) * columns), w, { epsilon: 1e-5, offset: 1 }));
    const [y] = compareRows('rmsnorm', run).reference;
    expect(errorInBounds(y?.values ?? new Float64Array(), Float64Array.from(expected.flat()), 2e-7, 'f32')).toBeLessThanOrEqual(1);
  });

  it('is the slope of the formula, backward', () => {
    const [rows, columns, h] = [3, 9, 1e-4];
    const numbers = (seed: number, length: number): number[] => Array.from({ length }, sequence(seed)).map(Math.fround);
    const [x, dy] = [numbers(1, rows * columns), numbers(2, rows * columns)];
    const w = Array.from({ length: columns }, (_, i) => 1 + (i % 32) / 64);
    const objective = (xs: readonly number[], ws: readonly number[]): number =>
      Array.from({ length: rows }, (_, r) => rmsNormReference(xs.slice(r * columns, (r + 1) * columns), ws, { epsilon: 1e-5, offset: 0 }))
        .flat()
        .reduce((total, y, i) => total + y * (dy[i] ?? NaN), 0);
    const slope = (values: readonly number[], at: (moved: number[]) => number): Float64Array =>
      Float64Array.from(values, (value, i) => (at(values.with(i, value + h)) - at(values.with(i, value - h))) / (2 * h));
    const [, , dx, dw] = compareRows('rmsnorm', runOf({ rows, columns })).reference;
    const before = numbers(4, columns);
    const expectedDw = slope(w, (moved) => objective(x, moved)).map((value, i) => value + (before[i] ?? NaN));
    expect(
      errorInBounds(
        dx?.values ?? new Float64Array(),
        slope(x, (moved) => objective(moved, w)),
        1e-6,
        'f32',
      ),
    ).toBeLessThanOrEqual(1);
    expect(errorInBounds(dw?.values ?? new Float64Array(), expectedDw, 1e-6, 'f32')).toBeLessThanOrEqual(1);
  });

  it('leaves out the gradient nobody asked for, and writes over dy', () => {
    const [x, dy, w] = [lab.random('f32', [20, 33], 1), lab.random('f32', [20, 33], 2), weight('f32', 33)];
    const [y, inverseRms, dx] = [lab.empty('f32', [20, 33]), lab.empty('f32', [20]), lab.empty('f32', [20, 33])];
    lab.addon.rmsnormForward(y.id, inverseRms.id, x.id, w.id, { epsilon: 1e-5, offset: 0 });
    const options = { w: w.id, inverseRms: inverseRms.id, offset: 0, accumulate: false };
    const none = 0 as typeof x.id;
    const dw = lab.tensor('f32', [33], new Float64Array(33));
    lab.addon.rmsnormBackward(dx.id, none, dy.id, x.id, options);
    lab.addon.rmsnormBackward(none, dw.id, dy.id, x.id, options);
    lab.addon.rmsnormBackward(dy.id, none, dy.id, x.id, options);
    expect(lab.values(dy)).toEqual(lab.values(dx));
    expect(lab.values(dw).some((value) => value !== 0)).toBe(true);
  });

  it('refuses shapes that do not fit', () => {
    const [x, y, w, short] = [lab.random('f32', [4, 8], 1), lab.empty('f32', [4, 8]), weight('f32', 7), lab.empty('f32', [4])];
    expect(() => lab.addon.rmsnormForward(y.id, short.id, x.id, w.id, { epsilon: 1e-5, offset: 0 })).toThrow(/w has another length/);
  });
});
