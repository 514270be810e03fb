/** Every row of the causal convolution against the reference row, the reference against plain TypeScript, and the same bits on any thread count. */
import { afterEach, describe, expect, it } from 'vitest';
import { causalConvReference } from '../../../compute/autograd/ops/causal-conv.ts';
import { noTensor, type TensorId } from '../../../compute/tensor/addon.ts';
import { errorInBounds, KernelLab, sequence } from '../../support/kernel-lab.ts';
import { compareRows, threadDifferences, type Result } from '../../support/kernel-rows.ts';

type Float = 'f32' | 'bf16';
interface Case {
  readonly offsets: readonly number[];
  /** Default: where the last segment ends. */
  readonly rows?: number;
  readonly columns: number;
  readonly width: number;
  readonly x?: Float;
  readonly gradient?: Float;
  readonly bias?: boolean;
}

const lab = new KernelLab();
afterEach(() => lab.release());

function runOf({ offsets, columns, width, x: xType = 'f32', gradient = xType, bias: hasBias = true, ...rest }: Case): () => Result[] {
  const rows = rest.rows ?? offsets.at(-1) ?? 0;
  const [x, dy, weight] = [lab.random(xType, [rows, columns], 1), lab.random(gradient, [rows, columns], 2), lab.random('f32', [columns, 1, width], 3)];
  const bias = lab.random('f32', [columns], 4);
  const options = { weight: weight.id, bias: hasBias ? bias.id : noTensor, segments: lab.tensor('i32', [offsets.length], offsets).id };
  return () => {
    // Not empty: rows of no segment must be cleared.
    const [y, dx] = [lab.random(xType, [rows, columns], 5), lab.random(gradient, [rows, columns], 6)];
    const [dweight, dbias] = [lab.random('f32', [columns, 1, width], 7), lab.random('f32', [columns], 8)];
    lab.addon.causalConvForward(y.id, x.id, options);
    lab.addon.causalConvBackward(dx.id, dweight.id, dbias.id, dy.id, { ...options, x: x.id });
    return Object.entries({ y, dx, dweight, dbias }).map(([name, tensor]) => ({ name, dtype: tensor.dtype, values: lab.values(tensor) }));
  };
}

const cases: Case[] = [
  { offsets: [0], columns: 8, width: 4 },
  { offsets: [0, 1], columns: 1, width: 1 },
  { offsets: [0, 5, 5, 6, 13], columns: 19, width: 4 },
  { offsets: [0, 2, 3], columns: 16, width: 7, bias: false },
  { offsets: [2, 40, 111], rows: 120, columns: 33, width: 3 },
  { offsets: [0, 31, 96, 97, 163], columns: 160, width: 4, x: 'bf16' },
  { offsets: [0, 65], columns: 40, width: 2, x: 'bf16', gradient: 'f32' },
  { offsets: [0, 65], columns: 24, width: 16, gradient: 'bf16' },
];

describe('causal_conv', () => {
  it.each(cases)('rows agree: %j', (options) => {
    expect(compareRows('causal_conv', runOf(options)).differences).toEqual([]);
  });

  it('gives the same bits on any thread count', () => {
    expect(threadDifferences('causal_conv', runOf({ offsets: [0, 70, 203], columns: 300, width: 4 }))).toEqual([]);
  });

  it('is the formula, forward and in its slopes', () => {
    const [offsets, columns, width, h] = [[0, 4, 5, 11], 5, 4, 1e-4] as const;
    const numbers = (seed: number, length: number): number[] => Array.from({ length }, sequence(seed)).map(Math.fround);
    const [x, dy, weight, bias] = [numbers(1, 55), numbers(2, 55), numbers(3, 20), numbers(4, 5)];
    const cut = (values: readonly number[], each: number): number[][] =>
      Array.from({ length: values.length / each }, (_, i) => values.slice(i * each, (i + 1) * each));
    const value = (xs: readonly number[], ws: readonly number[], bs: readonly number[]): number[] =>
      offsets.slice(1).flatMap((end, s) => causalConvReference(cut(xs, columns).slice(offsets[s], end), cut(ws, width), bs).flat());
    const objective = (...inputs: Parameters<typeof value>): number => value(...inputs).reduce((sum, y, i) => sum + y * (dy[i] ?? NaN), 0);
    const slopes = (values: readonly number[], at: (moved: number[]) => number): number[] =>
      values.map((each, i) => (at(values.with(i, each + h)) - at(values.with(i, each - h))) / (2 * h));
    const added = (slope: number[], before: number[]): number[] => slope.map((each, i) => each + (before[i] ?? NaN));
    const expected = [
      value(x, weight, bias),
      slopes(x, (moved) => objective(moved, weight, bias)),
      added(
        slopes(weight, (moved) => objective(x, moved, bias)),
        numbers(7, 20),
      ),
      added(
        slopes(bias, (moved) => objective(x, weight, moved)),
        numbers(8, 5),
      ),
    ];
    const { reference } = compareRows('causal_conv', runOf({ offsets, columns, width }));
    reference.forEach(({ name, values }, i) => expect(errorInBounds(values, Float64Array.from(expected[i] ?? []), 1e-6, 'f32'), name).toBeLessThanOrEqual(1));
  });

  it('refuses weights and segments that do not fit', () => {
    const [x, y, weight] = [lab.random('f32', [4, 8], 1).id, lab.empty('f32', [4, 8]).id, lab.random('f32', [8, 4], 2).id];
    const segments = (...offsets: number[]): TensorId => lab.tensor('i32', [offsets.length], offsets).id;
    const call = (options: { weight: TensorId; segments: TensorId }): void => lab.addon.causalConvForward(y, x, { ...options, bias: noTensor });
    expect(() => call({ weight: lab.random('f32', [7], 2).id, segments: segments(0, 4) })).toThrow(/weight is no/);
    expect(() => call({ weight, segments: segments(0, 5) })).toThrow(/outside of the rows/);
    expect(() => call({ weight, segments: segments(0, 3, 2, 4) })).toThrow(/ends before it starts/);
  });
});
