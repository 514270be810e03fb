/** Every attention row against the reference row, the reference against plain TypeScript, and the same bits on any thread count. */
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { attentionReference } from '../../../compute/autograd/ops/attention.ts';
import type { AttentionOptions } from '../../../compute/tensor/addon.ts';
import { errorInBounds, KernelLab, rowsOf, sequence, type LabTensor } from '../../support/kernel-lab.ts';

type Float = 'f32' | 'bf16';
interface Case extends AttentionOptions {
  readonly name: string;
  /** Queries and keys of each segment. */
  readonly segments: readonly (readonly [queries: number, keys: number])[];
  readonly types?: { readonly q: Float; readonly kv: Float; readonly o: Float };
}

const plain = { heads: 2, keyHeads: 1, headSize: 8, scale: 0.35, window: 0, softcap: 0 };
const same = (...lengths: number[]): [number, number][] => lengths.map((length) => [length, length]);
const small: Case[] = [
  { ...plain, name: 'one token', segments: same(1) },
  { ...plain, name: 'two segments, one empty', segments: same(5, 0, 3) },
  { ...plain, name: 'window', segments: same(11), window: 3 },
  { ...plain, name: 'softcap', segments: same(9), softcap: 1.5, scale: 2 },
  { ...plain, name: 'fewer queries than keys', segments: [[2, 7]], heads: 4, keyHeads: 2 },
  { ...plain, name: 'odd head size', segments: same(6), headSize: 5 },
];
const large: Case[] = [
  { ...plain, name: 'blocks and a tail', segments: same(150), headSize: 64, scale: 0.125 },
  { ...plain, name: 'packed, grouped heads', segments: same(70, 1, 129, 33), heads: 6, keyHeads: 2, headSize: 32 },
  { ...plain, name: 'window across blocks', segments: same(200), window: 37, headSize: 40 },
  { ...plain, name: 'window of one', segments: same(70), window: 1, headSize: 16 },
  { ...plain, name: 'large scores', segments: same(90), headSize: 64, scale: 20 },
  { ...plain, name: 'softcap and window', segments: same(140, 20), softcap: 2, window: 65, scale: 1, headSize: 48 },
  { ...plain, name: 'head size 256', segments: same(66), headSize: 256, scale: 0.06, heads: 4 },
  { ...plain, name: 'head size 100', segments: same(67), headSize: 100, scale: 0.1 },
  { ...plain, name: 'bf16', segments: same(130), headSize: 64, types: { q: 'bf16', kv: 'bf16', o: 'bf16' } },
  { ...plain, name: 'bf16, odd head size', segments: same(75), headSize: 23, types: { q: 'bf16', kv: 'bf16', o: 'f32' } },
  {
    ...plain,
    name: 'bf16, packed and grouped',
    segments: same(70, 1, 129, 33),
    heads: 6,
    keyHeads: 2,
    headSize: 32,
    types: { q: 'bf16', kv: 'bf16', o: 'bf16' },
  },
  {
    ...plain,
    name: 'bf16, softcap and window',
    segments: same(141, 20),
    softcap: 2,
    window: 65,
    scale: 1,
    headSize: 48,
    types: { q: 'bf16', kv: 'bf16', o: 'bf16' },
  },
  { ...plain, name: 'bf16, many heads in one visit', segments: same(101, 64, 65, 3), heads: 6, keyHeads: 3, types: { q: 'bf16', kv: 'bf16', o: 'bf16' } },
  { ...plain, name: 'bf16 generation', segments: [[1, 1301]], heads: 9, keyHeads: 3, headSize: 64, types: { q: 'bf16', kv: 'bf16', o: 'bf16' } },
  { ...plain, name: 'mixed types', segments: same(70), headSize: 32, types: { q: 'bf16', kv: 'f32', o: 'f32' } },
  { ...plain, name: 'many heads in one visit', segments: same(100, 64, 65, 3), heads: 6, keyHeads: 3, headSize: 32 },
  { ...plain, name: 'generation', segments: [[1, 700]], heads: 9, keyHeads: 3, headSize: 64, types: { q: 'f32', kv: 'bf16', o: 'f32' } },
  {
    ...plain,
    name: 'generation with a window',
    segments: [
      [1, 1400],
      [3, 40],
    ],
    heads: 4,
    window: 600,
    headSize: 64,
  },
  { ...plain, name: 'continuation', segments: [[100, 180]], heads: 4, headSize: 64 },
];

const lab = new KernelLab();
afterEach(() => lab.release());
afterAll(() => lab.addon.configure({ threads: 2 }));

const offsetsOf = (lengths: readonly number[]): number[] => lengths.reduce<number[]>((sums, length) => [...sums, (sums.at(-1) ?? 0) + length], [0]);

interface Problem {
  readonly options: AttentionOptions;
  readonly q: LabTensor;
  readonly k: LabTensor;
  readonly v: LabTensor;
  readonly dout: LabTensor;
  readonly queryOffsets: LabTensor;
  readonly keyOffsets: LabTensor;
  readonly outType: Float;
}

function problemOf({ segments, types = { q: 'f32', kv: 'f32', o: 'f32' }, heads, keyHeads, headSize, scale, window, softcap }: Case): Problem {
  const queryOffsets = offsetsOf(segments.map(([queries]) => queries));
  const keyOffsets = offsetsOf(segments.map(([, keys]) => keys));
  const [queries, keys] = [queryOffsets.at(-1) ?? 0, keyOffsets.at(-1) ?? 0];
  return {
    options: { heads, keyHeads, headSize, scale, window, softcap },
    q: lab.random(types.q, [queries, heads * headSize], 1),
    k: lab.random(types.kv, [keys, keyHeads * headSize], 2),
    v: lab.random(types.kv, [keys, keyHeads * headSize], 3),
    dout: lab.random(types.o, [queries, heads * headSize], 4),
    queryOffsets: lab.tensor('i32', [queryOffsets.length], queryOffsets),
    keyOffsets: lab.tensor('i32', [keyOffsets.length], keyOffsets),
    outType: types.o,
  };
}

interface Forward {
  readonly o: LabTensor;
  readonly lse: LabTensor;
}

function forward({ options, q, k, v, queryOffsets, keyOffsets, outType }: Problem): Forward {
  const o = lab.empty(outType, q.shape);
  const lse = lab.empty('f32', [options.heads, q.shape[0] ?? 0]);
  lab.addon.attentionForward(o.id, lse.id, q.id, k.id, { ...options, v: v.id, queryOffsets: queryOffsets.id, keyOffsets: keyOffsets.id });
  return { o, lse };
}

function backward({ options, q, k, v, dout, queryOffsets, keyOffsets }: Problem, { o, lse }: Forward): LabTensor[] {
  const gradients = [q, k, v].map((input) => lab.empty(input.dtype, input.shape)) as [LabTensor, LabTensor, LabTensor];
  const [dq, dk, dv] = gradients;
  const inputs = { q: q.id, k: k.id, v: v.id, o: o.id, lse: lse.id, queryOffsets: queryOffsets.id, keyOffsets: keyOffsets.id };
  lab.addon.attentionBackward(dq.id, dk.id, dv.id, dout.id, { ...options, ...inputs });
  return gradients;
}

/** Rows [begin, begin + count) of one head. */
function headRows(values: Float64Array, columns: number, headSize: number, { head, begin, count }: { head: number; begin: number; count: number }): number[][] {
  return Array.from({ length: count }, (_, i) => [...values.subarray((begin + i) * columns + head * headSize, (begin + i) * columns + (head + 1) * headSize)]);
}

/** Outputs by the plain formula, from q, k and v given as values. */
function expectedOutput({ segments, heads, keyHeads, headSize, ...options }: Case, q: Float64Array, k: Float64Array, v: Float64Array): Float64Array {
  const output = new Float64Array(q.length);
  let [query, key] = [0, 0];
  for (const [queries, keys] of segments) {
    for (let head = 0; head < heads; head++) {
      const keyHead = Math.floor((head * keyHeads) / heads);
      const rowsOfKeys = (values: Float64Array): number[][] => headRows(values, keyHeads * headSize, headSize, { head: keyHead, begin: key, count: keys });
      const rows = headRows(q, heads * headSize, headSize, { head, begin: query, count: queries });
      attentionReference(rows, rowsOfKeys(k), rowsOfKeys(v), options).forEach((row, i) => output.set(row, (query + i) * heads * headSize + head * headSize));
    }
    query += queries;
    key += keys;
  }
  return output;
}

/** A row with bf16 products multiplies in f32 where an input is f32, and is then held to the bound of the f32 rows. */
const toleranceOf = ({ tolerance }: { readonly tolerance: number }, { types }: Case): number =>
  types?.q === 'bf16' && types.kv === 'bf16' ? tolerance : Math.min(tolerance, 2e-5);

const reference = (op: 'attention_forward' | 'attention_backward'): void => lab.addon.forceKernel(op, `${op}_ref`);

describe('the reference row of attention', () => {
  it.each(small)('is the formula: $name', (shape) => {
    reference('attention_forward');
    const problem = problemOf(shape);
    const expected = expectedOutput(shape, lab.values(problem.q), lab.values(problem.k), lab.values(problem.v));
    expect(errorInBounds(lab.values(forward(problem).o), expected, 1e-6, 'f32')).toBeLessThanOrEqual(1);
  });

  it.each(small)('has the formula’s gradient: $name', (shape) => {
    reference('attention_forward');
    reference('attention_backward');
    const problem = problemOf(shape);
    const inputs = [problem.q, problem.k, problem.v].map((tensor) => lab.values(tensor)) as [Float64Array, Float64Array, Float64Array];
    const weights = lab.values(problem.dout);
    const loss = (): number => expectedOutput(shape, ...inputs).reduce((sum, value, i) => sum + value * (weights[i] ?? NaN), 0);
    const gradients = backward(problem, forward(problem)).map((tensor) => lab.values(tensor));
    const next = sequence(5);
    inputs.forEach((input, which) => {
      for (let probe = 0; probe < 12; probe++) {
        const i = Math.floor(((next() + 1) / 2) * input.length);
        const at = input[i] ?? NaN;
        const [above, below] = [at + 1e-4, at - 1e-4].map((value) => ((input[i] = value), loss())) as [number, number];
        input[i] = at;
        expect(gradients[which]?.[i] ?? NaN).toBeCloseTo((above - below) / 2e-4, 4);
      }
    });
  });
});

for (const row of rowsOf('attention_forward').slice(1)) {
  describe(row.name, () => {
    it.each([...small, ...large])('agrees with the reference: $name', (shape) => {
      const problem = problemOf(shape);
      reference('attention_forward');
      const expected = forward(problem);
      lab.addon.forceKernel('attention_forward', row.name);
      const actual = forward(problem);
      expect(errorInBounds(lab.values(actual.o), lab.values(expected.o), toleranceOf(row, shape), problem.outType)).toBeLessThanOrEqual(1);
      expect(errorInBounds(lab.values(actual.lse), lab.values(expected.lse), toleranceOf(row, shape), 'f32')).toBeLessThanOrEqual(1);
    });
  });
}

for (const row of rowsOf('attention_backward').slice(1)) {
  describe(row.name, () => {
    it.each([...small, ...large])('agrees with the reference: $name', (shape) => {
      const problem = problemOf(shape);
      reference('attention_forward');
      reference('attention_backward');
      const saved = forward(problem);
      // dq and dk may cancel to nothing (one key in sight) where dv does not: the three share one scale.
      const flat = (gradients: LabTensor[]): Float64Array => Float64Array.from(gradients.flatMap((gradient) => [...lab.values(gradient)]));
      const expected = flat(backward(problem, saved));
      lab.addon.forceKernel('attention_backward', row.name);
      const anyBf16 = [problem.q, problem.k].some(({ dtype }) => dtype === 'bf16');
      expect(errorInBounds(flat(backward(problem, saved)), expected, toleranceOf(row, shape), anyBf16 ? 'bf16' : 'f32')).toBeLessThanOrEqual(1);
    });
  });
}

describe('threads', () => {
  it.each(large)('do not change a bit: $name', (shape) => {
    const problem = problemOf(shape);
    const results = [1, 2, 3].map((threads) => {
      lab.addon.configure({ threads });
      const saved = forward(problem);
      return [saved.o, saved.lse, ...backward(problem, saved)].map((tensor) => lab.values(tensor));
    });
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });
});

describe('a wrong call', () => {
  it('is refused with what is wrong', () => {
    const problem = problemOf({ ...plain, name: '', segments: same(4) });
    const bad = { ...problem, keyOffsets: lab.tensor('i32', [2], [0, 3]) };
    expect(() => forward(bad)).toThrow(/fewer keys than queries/);
    expect(() => forward({ ...problem, options: { ...problem.options, keyHeads: 3 } })).toThrow(/multiple/);
    expect(() => forward({ ...problem, queryOffsets: lab.tensor('i32', [2], [0, 9]), keyOffsets: lab.tensor('i32', [2], [0, 9]) })).toThrow(
      /after the last row/,
    );
  });

  it('leaves rows outside every segment zero', () => {
    const problem = problemOf({ ...plain, name: '', segments: same(6) });
    const inside = { ...problem, queryOffsets: lab.tensor('i32', [2], [1, 4]), keyOffsets: lab.tensor('i32', [2], [1, 4]) };
    const saved = forward(inside);
    const zero = (tensor: LabTensor): boolean => {
      const [values, columns] = [lab.values(tensor), tensor.shape[1] ?? 0];
      return [...values.subarray(0, columns), ...values.subarray(4 * columns)].every((value) => value === 0);
    };
    expect([saved.o, ...backward(inside, saved)].map(zero)).toEqual([true, true, true, true]);
  });
});
