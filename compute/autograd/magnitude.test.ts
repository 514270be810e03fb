/** The norms behind DoRA's factors, over weights of every stored type, packed and not, against f64 sums over the widened matrix. */
import { afterEach, describe, expect, it } from 'vitest';
import { pseudoRandom } from '../../test/support/gradient-check.ts';
import { KernelLab } from '../../test/support/kernel-lab.ts';
import { storedBytes, storedTensor, storedTypes } from '../../test/support/stored-blocks.ts';
import { fromFloats, owned, Tensor, toFloats, unscoped } from '../tensor/tensor.ts';
import { Magnitude } from './magnitude.ts';
import { Parameter } from './tape.ts';
import { Weight } from './weight.ts';

const [N, K, R] = [70, 256, 4];
const scale = 2;
const lab = new KernelLab();
afterEach(() => lab.release());

function normsOf(w: Float32Array, a: Float32Array, b: Float32Array): number[] {
  return Array.from({ length: N }, (_, n) => {
    let sum = 0;
    for (let k = 0; k < K; k += 1) {
      let value = w[n * K + k] ?? NaN;
      for (let r = 0; r < R; r += 1) value += scale * (b[n * R + r] ?? NaN) * (a[r * K + k] ?? NaN);
      sum += value * value;
    }
    return Math.sqrt(sum);
  });
}

/** The worst relative error of m / norm; m is 1. */
function worstError(matrix: Tensor, { a, b, pack = null }: { a: Float32Array; b: Float32Array; pack?: 'f32' | 'bf16' | null }): number {
  const expected = normsOf(toFloats(matrix), a, b);
  const [first, second, ones] = [
    [a, [R, K]],
    [b, [N, R]],
    [new Float32Array(N).fill(1), [N]],
  ].map(
    ([values, shape]) =>
      new Parameter(
        'p',
        unscoped(() => fromFloats(values as Float32Array, shape as number[])),
      ),
  ) as [Parameter, Parameter, Parameter];
  const weight = Weight.frozen(matrix);
  if (pack !== null) weight.pack({ products: 'float', inputType: pack }, { forward: true, backward: false });
  const magnitude = new Magnitude(ones, { weight, a: first, b: second, scale });
  const factors = toFloats(magnitude.factors().factor);
  [magnitude, first, second, weight].forEach((each) => each.dispose());
  return expected.reduce((worst, norm, n) => Math.max(worst, Math.abs((factors[n] ?? NaN) * norm - 1)), 0);
}

const [a, b] = [pseudoRandom(R * K, 1).map((value) => value / 16), pseudoRandom(N * R, 2).map((value) => value / 4)];

describe('Magnitude', () => {
  it.each(storedTypes)('measures rows stored as %s', (dtype) => {
    const stored = storedTensor(lab, dtype, [N, K], storedBytes(dtype, [N, K], 3));
    expect(
      worstError(
        unscoped(() => new Tensor(stored.id, dtype, [N, K])),
        { a, b },
      ),
    ).toBeLessThan(1e-6);
  });

  it('is as exact over f32 panels, and within bf16 of A over bf16 ones', () => {
    const matrix = (): Tensor => owned(() => fromFloats(pseudoRandom(N * K, 5), [N, K]));
    for (const [pack, bound] of [
      ['f32', 1e-6],
      ['bf16', 1e-3],
    ] as const) {
      const w = matrix();
      expect(worstError(w, { a, b, pack }), pack).toBeLessThan(bound);
      w.release();
    }
  });

  it('keeps its digits where the update cancels the weight', () => {
    // W = -s·B·A but for a thousandth: the squares and the product are a million times what is left of them.
    const w = new Float32Array(N * K);
    const rest = pseudoRandom(N * K, 9);
    for (let n = 0; n < N; n += 1)
      for (let k = 0; k < K; k += 1) {
        let update = 0;
        for (let r = 0; r < R; r += 1) update += scale * (b[n * R + r] ?? NaN) * (a[r * K + k] ?? NaN);
        w[n * K + k] = (rest[n * K + k] ?? NaN) * 1e-3 - update;
      }
    const matrix = owned(() => fromFloats(w, [N, K]));
    expect(worstError(matrix, { a, b })).toBeLessThan(1e-6);
    matrix.release();
  });

  it('starts as the norms, so that every factor is 1 to the bit, and a row of zeros stays one', () => {
    const values = pseudoRandom(N * K, 7);
    values.fill(0, 0, K);
    const weight = Weight.frozen(owned(() => fromFloats(values, [N, K])));
    const parts = {
      weight,
      a: new Parameter(
        'a',
        unscoped(() => fromFloats(a, [R, K])),
      ),
      b: new Parameter(
        'b',
        unscoped(() => fromFloats(new Float32Array(N * R), [N, R])),
      ),
      scale,
    };
    const magnitude = Magnitude.make('m', parts, null);
    expect([...toFloats(magnitude.factors().factor)]).toEqual([0, ...new Array<number>(N - 1).fill(1)]);
    [magnitude, parts.a, parts.b].forEach((each) => each.dispose());
    weight.matrix.release();
  });

  it('is computed anew when a parameter has changed, and only then', () => {
    const weight = Weight.frozen(owned(() => fromFloats(pseudoRandom(N * K, 7), [N, K])));
    const parts = {
      weight,
      a: new Parameter(
        'a',
        unscoped(() => fromFloats(a, [R, K])),
      ),
      b: new Parameter(
        'b',
        unscoped(() => fromFloats(b, [N, R])),
      ),
      scale,
    };
    const magnitude = Magnitude.make('m', parts, null);
    const before = toFloats(magnitude.factors().factor);
    lab.addon.write(magnitude.vector.value.id, new Float32Array(N), 0);
    expect(toFloats(magnitude.factors().factor)).toEqual(before);
    magnitude.vector.changed();
    expect(toFloats(magnitude.factors().factor)).toEqual(new Float32Array(N));
    [magnitude, parts.a, parts.b].forEach((each) => each.dispose());
    weight.matrix.release();
  });
});
