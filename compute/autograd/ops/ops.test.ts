/** Every op against its plain reference: value and gradients, in f32 and bf16. */
import { describe, test } from 'vitest';
import { checkOp, pseudoRandom, toRows, type OpCheck } from '../../../test/support/gradient-check.ts';
import type { StateSpaceOptions } from '../../tensor/addon.ts';
import { fromFloats, fromInts } from '../../tensor/tensor.ts';
import { StackedWeight } from '../stacked-weight.ts';
import { Variable, type Tape } from '../tape.ts';
import { Weight } from '../weight.ts';
import { add, addReference } from './add.ts';
import { attention, attentionReference } from './attention.ts';
import { causalConv, causalConvReference } from './causal-conv.ts';
import { embedding, embeddingReference } from './embedding.ts';
import { glu, gluReference } from './glu.ts';
import { linear, linearReference } from './linear.ts';
import { loraLinear } from './lora-linear.ts';
import { rmsNorm, rmsNormReference } from './rms-norm.ts';
import { rope, ropeReference } from './rope.ts';
import { scaleColumns, scaleColumnsReference } from './scale-columns.ts';
import { splitLinear } from './split-linear.ts';
import { stateSpace, stateSpaceReference } from './state-space.ts';

function attentionCheck({
  heads,
  keyHeads,
  headSize,
  lengths,
  window,
  softcap,
}: {
  heads: number;
  keyHeads: number;
  headSize: number;
  lengths: readonly number[];
  window: number;
  softcap: number;
}): OpCheck {
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  const offsets = Int32Array.from([0, ...lengths.map((_, s) => lengths.slice(0, s + 1).reduce((sum, length) => sum + length, 0))]);
  const shape = { heads, keyHeads, headSize, scale: headSize ** -0.5, window, softcap };
  return {
    inputs: [{ shape: [tokens, heads * headSize] }, { shape: [tokens, keyHeads * headSize] }, { shape: [tokens, keyHeads * headSize] }],
    op: (tape, [q, k, v]) => {
      if (q === undefined || k === undefined || v === undefined) throw new Error('three inputs');
      const bounds = fromInts(offsets);
      return attention(tape, { q, k, v, queryOffsets: bounds, keyOffsets: bounds }, shape);
    },
    reference: ([q = [], k = [], v = []]) => {
      const out = Array.from({ length: tokens }, () => new Array<number>(heads * headSize).fill(0));
      const head = (values: readonly number[], width: number, index: number): number[][] =>
        toRows(values, width * headSize).map((row) => row.slice(index * headSize, (index + 1) * headSize));
      for (let h = 0; h < heads; h++) {
        const g = Math.floor((h * keyHeads) / heads);
        lengths.forEach((length, s) => {
          const from = offsets[s] ?? 0;
          const cut = (rows: number[][]): number[][] => rows.slice(from, from + length);
          attentionReference(cut(head(q, heads, h)), cut(head(k, keyHeads, g)), cut(head(v, keyHeads, g)), shape).forEach((row, t) =>
            row.forEach((value, c) => ((out[from + t] ?? [])[h * headSize + c] = value)),
          );
        });
      }
      return out.flat();
    },
  };
}

let stack: StackedWeight | undefined;
const dispose = (): void => stack?.dispose();

/** Three parts of four rows, joined into one value: act(part 0) · part 1 + part 2. */
function ofStack(tape: Tape, x: Variable, w: Variable, adapter: Parameters<typeof splitLinear>[3]): Variable {
  stack = new StackedWeight(w, [4, 4, 4]);
  const [gate, up, rest] = splitLinear(tape, x, stack, adapter);
  if (gate === undefined || up === undefined || rest === undefined) throw new Error('three parts');
  return add(tape, glu(tape, gate, up, 'silu'), rest);
}

const ofStackReference = (rows: readonly (readonly number[])[]): number[] =>
  rows.flatMap((row) => addReference(gluReference(row.slice(0, 4), row.slice(4, 8), 'silu'), row.slice(8)));

const totals = (lengths: readonly number[]): number[] => [0, ...lengths.map((_, s) => lengths.slice(0, s + 1).reduce((sum, length) => sum + length, 0))];

/** `of` the rows of each segment by itself, one after the other. */
const bySegment = (lengths: readonly number[], of: (from: number, to: number) => number[][]): number[] =>
  lengths.flatMap((length, s) => of(totals(lengths)[s] ?? 0, (totals(lengths)[s] ?? 0) + length).flat());

function causalConvCheck({ lengths, columns, width, bias }: { lengths: readonly number[]; columns: number; width: number; bias: boolean }): OpCheck {
  const tokens = totals(lengths).at(-1) ?? 0;
  const parameter = (...shape: number[]): OpCheck['inputs'][number] => ({ shape, kind: 'parameter' });
  return {
    inputs: [{ shape: [tokens, columns] }, parameter(columns, 1, width), ...(bias ? [parameter(columns)] : [])],
    op: (tape, [x, weight, b]) => causalConv(tape, { x: x as never, weight: weight as never, bias: b ?? null }, fromInts(Int32Array.from(totals(lengths)))),
    reference: ([x = [], weight = [], b]) =>
      bySegment(lengths, (from, to) => causalConvReference(toRows(x, columns).slice(from, to), toRows(weight, width), b ?? null)),
  };
}

function stateSpaceCheck(lengths: readonly number[], options: StateSpaceOptions): OpCheck {
  const { heads, headSize, groups, stateSize } = options;
  const [tokens, columns] = [totals(lengths).at(-1) ?? 0, heads * headSize + 2 * groups * stateSize];
  const parameter = { shape: [heads], kind: 'parameter' } as const;
  return {
    inputs: [{ shape: [tokens, columns] }, { shape: [tokens, heads] }, parameter, parameter, parameter],
    op: (tape, inputs) => {
      const [xbc, dt, dtBias, aLog, d] = inputs as [Variable, Variable, Variable, Variable, Variable];
      const segments = fromInts(Int32Array.from(totals(lengths)));
      return stateSpace(tape, { xbc, dt, dtBias, aLog, d }, { ...options, segments, states: null });
    },
    reference: ([xbc = [], dt = [], dtBias = [], aLog = [], d = []]) =>
      bySegment(lengths, (from, to) =>
        stateSpaceReference(toRows(xbc, columns).slice(from, to), toRows(dt, heads).slice(from, to), { ...options, dtBias, aLog, d }),
      ),
  };
}

const ids = [2, 0, 2, 4];
const checks: Record<string, OpCheck> = {
  add: {
    inputs: [{ shape: [3, 5] }, { shape: [3, 5] }],
    op: (tape, [a, b]) => add(tape, a as never, b as never),
    reference: ([a = [], b = []]) => addReference(a, b),
  },
  'add of a scaled branch': {
    inputs: [{ shape: [3, 5] }, { shape: [3, 5] }],
    op: (tape, [a, b]) => add(tape, a as never, b as never, { scale: 0.22 }),
    reference: ([a = [], b = []]) => addReference(a, b, 0.22),
  },
  'add of one value to itself': {
    inputs: [{ shape: [3, 5] }],
    op: (tape, [a]) => add(tape, a as never, a as never),
    reference: ([a = []]) => addReference(a, a),
  },
  'rms norm': {
    inputs: [{ shape: [4, 37] }, { shape: [37], kind: 'parameter' }],
    op: (tape, [x, w]) => rmsNorm(tape, x as never, w as never, { epsilon: 1e-5, offset: 0 }),
    reference: ([x = [], w = []]) => toRows(x, 37).flatMap((row) => rmsNormReference(row, w, { epsilon: 1e-5, offset: 0 })),
  },
  'rms norm with offset 1': {
    inputs: [{ shape: [2, 64] }, { shape: [64], kind: 'parameter' }],
    op: (tape, [x, w]) => rmsNorm(tape, x as never, w as never, { epsilon: 1e-6, offset: 1 }),
    reference: ([x = [], w = []]) => toRows(x, 64).flatMap((row) => rmsNormReference(row, w, { epsilon: 1e-6, offset: 1 })),
  },
  'rms norm of heads': {
    inputs: [{ shape: [3, 24] }, { shape: [8], kind: 'parameter' }],
    op: (tape, [x, w]) => rmsNorm(tape, x as never, w as never, { epsilon: 1e-5, offset: 0 }),
    reference: ([x = [], w = []]) => toRows(x, 8).flatMap((head) => rmsNormReference(head, w, { epsilon: 1e-5, offset: 0 })),
  },
  'columns scaled': {
    inputs: [{ shape: [5, 37] }, { shape: [37], kind: 'parameter' }],
    op: (tape, [x, w]) => scaleColumns(tape, x as never, w as never),
    reference: ([x = [], w = []]) => scaleColumnsReference(x, w),
  },
  'add of a branch to an f32 stream': {
    inputs: [{ shape: [3, 5], kind: 'parameter' }, { shape: [3, 5] }],
    op: (tape, [a, b]) => add(tape, a as never, b as never),
    reference: ([a = [], b = []]) => addReference(a, b),
  },
  'rms norm of an f32 stream': {
    inputs: [{ shape: [3, 40], kind: 'parameter' }],
    op: (tape, [x], dtype) => {
      const w = fromFloats(pseudoRandom(40, 5));
      return rmsNorm(tape, x as never, new Variable(w, false), { epsilon: 1e-5, offset: 0, dtype });
    },
    reference: ([x = []]) => toRows(x, 40).flatMap((row) => rmsNormReference(row, [...pseudoRandom(40, 5)], { epsilon: 1e-5, offset: 0 })),
  },
  embedding: {
    inputs: [{ shape: [5, 7], kind: 'parameter' }],
    op: (tape, [table]) => embedding(tape, table as never, fromInts(Int32Array.from(ids)), { dtype: 'f32' }),
    reference: ([table = []]) => embeddingReference(toRows(table, 7), ids),
  },
  linear: {
    inputs: [{ shape: [5, 19] }, { shape: [11, 19], kind: 'parameter' }],
    op: (tape, [x, w]) => linear(tape, x as never, new Weight(w as never)),
    reference: ([x = [], w = []]) => linearReference(toRows(x, 19), toRows(w, 19)).flat(),
  },
  'linear with a bias': {
    inputs: [{ shape: [5, 19] }, { shape: [11, 19], kind: 'parameter' }, { shape: [11], kind: 'parameter' }],
    op: (tape, [x, w, b]) => linear(tape, x as never, new Weight(w as never), b),
    reference: ([x = [], w = [], b = []]) => linearReference(toRows(x, 19), toRows(w, 19), b).flat(),
  },
  'linear with a bias and an adapter': {
    inputs: [
      { shape: [6, 24] },
      { shape: [10, 24], kind: 'parameter' },
      { shape: [10], kind: 'parameter' },
      { shape: [3, 24], kind: 'parameter' },
      { shape: [10, 3], kind: 'parameter' },
    ],
    op: (tape, [x, w, bias, a, b]) =>
      loraLinear(tape, x as never, new Weight(w as never), { a: a as never, b: b as never, scale: 1.5, bias: bias as never, dropout: null }),
    reference: ([x = [], w = [], bias = [], a = [], b = []]) => {
      const rows = toRows(x, 24);
      const low = linearReference(linearReference(rows, toRows(a, 24)), toRows(b, 3));
      return linearReference(rows, toRows(w, 24), bias).flatMap((row, r) => row.map((value, n) => value + 1.5 * (low[r]?.[n] ?? NaN)));
    },
  },
  'linear with an adapter': {
    inputs: [{ shape: [6, 24] }, { shape: [10, 24], kind: 'parameter' }, { shape: [3, 24], kind: 'parameter' }, { shape: [10, 3], kind: 'parameter' }],
    op: (tape, [x, w, a, b]) => loraLinear(tape, x as never, new Weight(w as never), { a: a as never, b: b as never, scale: 1.5, bias: null, dropout: null }),
    reference: ([x = [], w = [], a = [], b = []]) => {
      const rows = toRows(x, 24);
      const low = linearReference(linearReference(rows, toRows(a, 24)), toRows(b, 3));
      return linearReference(rows, toRows(w, 24)).flatMap((row, r) => row.map((value, n) => value + 1.5 * (low[r]?.[n] ?? NaN)));
    },
  },
  'projections in one matrix': {
    inputs: [{ shape: [5, 19] }, { shape: [12, 19], kind: 'parameter' }],
    op: (tape, [x, w]) => ofStack(tape, x as never, w as never, null),
    reference: ([x = [], w = []]) => ofStackReference(linearReference(toRows(x, 19), toRows(w, 19))),
    dispose,
  },
  'projections in one matrix with an adapter': {
    inputs: [{ shape: [6, 24] }, { shape: [12, 24], kind: 'parameter' }, { shape: [3, 24], kind: 'parameter' }, { shape: [12, 3], kind: 'parameter' }],
    op: (tape, [x, w, a, b]) => ofStack(tape, x as never, w as never, { a: a as never, b: b as never, scale: 1.5, dropout: null }),
    reference: ([x = [], w = [], a = [], b = []]) => {
      const low = linearReference(linearReference(toRows(x, 24), toRows(a, 24)), toRows(b, 3));
      return ofStackReference(linearReference(toRows(x, 24), toRows(w, 24)).map((row, r) => row.map((value, n) => value + 1.5 * (low[r]?.[n] ?? NaN))));
    },
    dispose,
  },
  'attention over packed rows with grouped heads': attentionCheck({ heads: 4, keyHeads: 2, headSize: 8, lengths: [5, 1, 7], window: 0, softcap: 0 }),
  'attention in a window': attentionCheck({ heads: 2, keyHeads: 2, headSize: 12, lengths: [9], window: 3, softcap: 0 }),
  'causal convolution over packed rows': causalConvCheck({ lengths: [5, 1, 0, 7], columns: 6, width: 4, bias: true }),
  'causal convolution without a bias': causalConvCheck({ lengths: [9], columns: 3, width: 3, bias: false }),
  'state-space scan over packed rows': stateSpaceCheck([5, 1, 0, 7], { heads: 4, headSize: 3, groups: 2, stateSize: 2, leastDelta: 0, mostDelta: Infinity }),
  'state-space scan over several chunks': stateSpaceCheck([1, 131], { heads: 1, headSize: 1, groups: 1, stateSize: 1, leastDelta: 0, mostDelta: Infinity }),
  'state-space scan with bounded steps': stateSpaceCheck([11], { heads: 2, headSize: 3, groups: 1, stateSize: 2, leastDelta: 0.4, mostDelta: 1.1 }),
  'attention with a soft cap': attentionCheck({ heads: 2, keyHeads: 1, headSize: 8, lengths: [4, 5], window: 0, softcap: 1.5 }),
};
for (const layout of ['half', 'interleaved'] as const) {
  checks[`rope, ${layout}`] = {
    inputs: [{ shape: [3, 16] }],
    op: (tape, [x]) => {
      const inverseFrequency = fromFloats(Float32Array.of(1, 0.25, 0.0625, 0.015625));
      return rope(tape, x as never, fromInts(Int32Array.of(0, 3, 50)), { inverseFrequency, headSize: 8, layout, scale: 1 });
    },
    reference: ([x = []]) =>
      toRows(x, 8).flatMap((head, index) => ropeReference(head, [0, 3, 50][Math.floor(index / 2)] ?? NaN, [1, 0.25, 0.0625, 0.015625], { layout })),
  };
  checks[`rope of a part of each head with a factor, ${layout}`] = {
    inputs: [{ shape: [2, 20] }],
    op: (tape, [x]) => {
      const inverseFrequency = fromFloats(Float32Array.of(1, 0.25, 0.0625));
      return rope(tape, x as never, fromInts(Int32Array.of(2, 9)), { inverseFrequency, headSize: 10, layout, scale: 1.25 });
    },
    reference: ([x = []]) => toRows(x, 10).flatMap((head, index) => ropeReference(head, [2, 9][index >> 1] ?? NaN, [1, 0.25, 0.0625], { layout, scale: 1.25 })),
  };
}
for (const activation of ['silu', 'gelu_tanh', 'gelu'] as const) {
  checks[`glu, ${activation}`] = {
    inputs: [{ shape: [3, 21] }, { shape: [3, 21] }],
    op: (tape, [gate, up]) => glu(tape, gate as never, up as never, activation),
    reference: ([gate = [], up = []]) => gluReference(gate, up, activation),
  };
}

describe.each(['f32', 'bf16'] as const)('%s', (dtype) => {
  test.each(Object.entries(checks))('%s', (_, check) => {
    checkOp(check, dtype);
  });
});
