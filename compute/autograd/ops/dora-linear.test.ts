/** DoRA against its plain reference: value and gradients with the norms held fixed, in f32 and bf16, with and without dropout. */
import { describe, test } from 'vitest';
import { checkOp, pseudoRandom, toRows, type OpCheck } from '../../../test/support/gradient-check.ts';
import { loadAddon } from '../../tensor/load-addon.ts';
import { fromFloats, owned, rowsOf, scope, toFloats, unscoped, zeros, type Tensor } from '../../tensor/tensor.ts';
import { Magnitude } from '../magnitude.ts';
import { RowsOfVariable } from '../stacked-weight.ts';
import { Parameter } from '../tape.ts';
import { Weight } from '../weight.ts';
import { doraLinear, doraLinearReference } from './dora-linear.ts';

const [T, K, N, R] = [6, 24, 10, 3];
const scale = 1.5;
const w = pseudoRandom(N * K, 41);
const [a, b] = [pseudoRandom(R * K, 2), pseudoRandom(N * R, 3)];
const m = pseudoRandom(N, 4).map((value) => 2 + value);

const weight = Weight.frozen(owned(() => fromFloats(w, [N, K])));
const part = Weight.frozen(unscoped(() => rowsOf(weight.matrix, 3, 8)));

/** Norms of the rows of W + s·B·A as the inputs start. */
const norms = Array.from({ length: N }, (_, n) =>
  Math.hypot(
    ...Array.from({ length: K }, (_k, k) =>
      Array.from({ length: R }, (_r, r) => scale * (b[n * R + r] ?? NaN) * (a[r * K + k] ?? NaN)).reduce((x, y) => x + y, w[n * K + k] ?? NaN),
    ),
  ),
);

/** What dropout multiplies each element of a [T, K] input by. */
const factors = (dropout: { p: number; seed: number; stream: number }): number[] =>
  scope(() => {
    const ones = fromFloats(new Float32Array(T * K).fill(1), [T, K]);
    const out = zeros('f32', [T, K]);
    loadAddon().dropout(out.id, ones.id, dropout);
    return [...toFloats(out)];
  });

interface Form {
  readonly dropout: { readonly p: number; readonly seed: number; readonly stream: number } | null;
  readonly bias?: boolean;
  /** Rows of a part of a fused module. */
  readonly rows?: readonly [number, number];
}

function check({ dropout, bias: hasBias = false, rows = [0, N] }: Form): OpCheck {
  const keep = toRows(dropout === null ? new Array<number>(T * K).fill(1) : factors(dropout), K);
  return {
    inputs: [
      { shape: [T, K] },
      { shape: [R, K], kind: 'parameter', values: a },
      { shape: [N, R], kind: 'parameter', values: b },
      { shape: [N, 1], kind: 'parameter', values: m },
      ...(hasBias ? [{ shape: [N], kind: 'parameter' as const }] : []),
    ],
    op: (tape, [x, first, second, vector, shift]) => {
      if (!(first instanceof Parameter) || !(second instanceof Parameter) || !(vector instanceof Parameter) || x === undefined) throw new Error('parameters');
      const { factor, inverse } = new Magnitude(vector, { weight, a: first, b: second, scale }).factors();
      const parts = { a: first, scale, bias: shift ?? null, dropout };
      if (rows[1] === N) return doraLinear(tape, x, weight, { ...parts, b: second, magnitude: vector, factor, inverse });
      const cut = (tensor: Tensor): Tensor => rowsOf(tensor, ...rows);
      const [b, magnitude] = [second, vector].map((whole) => new RowsOfVariable(whole, ...rows)) as [RowsOfVariable, RowsOfVariable];
      return doraLinear(tape, x, part, { ...parts, b, magnitude, factor: cut(factor), inverse: cut(inverse) });
    },
    reference: ([x = [], first = [], second = [], vector = [], shift = []]) =>
      doraLinearReference(toRows(x, K), {
        w: toRows([...w], K),
        a: toRows(first, K),
        b: toRows(second, R),
        scale,
        m: vector,
        norms,
        keep,
      }).flatMap((row) => row.map((value, n) => value + (shift[n] ?? 0)).slice(...rows)),
  };
}

describe.each(['f32', 'bf16'] as const)('%s', (dtype) => {
  test.each<[string, Form]>([
    ['without dropout', { dropout: null }],
    ['with dropout', { dropout: { p: 0.25, seed: 7, stream: 3 } }],
    ['with a bias', { dropout: null, bias: true }],
    ['with a bias and dropout', { dropout: { p: 0.25, seed: 7, stream: 3 }, bias: true }],
    ['of some rows of a matrix', { dropout: { p: 0.25, seed: 7, stream: 3 }, rows: [3, 8] }],
  ])('DoRA %s', (_, form) => {
    checkOp(check(form), dtype);
  });
});
