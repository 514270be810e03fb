/** Every row of the state-space scan against the reference row, the reference against plain TypeScript, and the same bits on any thread count. */
import { afterEach, describe, expect, it } from 'vitest';
import { stateSpaceReference } from '../../../compute/autograd/ops/state-space.ts';
import { noTensor, type StateSpaceOptions, type TensorId } from '../../../compute/tensor/addon.ts';
import { errorInBounds, KernelLab, type LabTensor } from '../../support/kernel-lab.ts';
import { compareRows, threadDifferences, type Result } from '../../support/kernel-rows.ts';

type Float = 'f32' | 'bf16';
interface Case extends StateSpaceOptions {
  readonly name: string;
  readonly offsets: readonly number[];
  /** Default: where the last segment ends. */
  readonly rows?: number;
  readonly x?: Float;
  readonly dt?: Float;
  readonly gradient?: Float;
  /** Factor on A_log: how far apart the heads' memories are. */
  readonly spread?: number;
}

const lab = new KernelLab();
afterEach(() => lab.release());
const small = { heads: 2, headSize: 5, groups: 1, stateSize: 3, leastDelta: 0, mostDelta: Infinity };
const tiny = { heads: 8, headSize: 16, groups: 1, stateSize: 16, leastDelta: 0, mostDelta: Infinity };

const cases: Case[] = [
  { ...small, name: 'nothing', offsets: [0] },
  { ...small, name: 'one token', offsets: [0, 1] },
  { ...small, name: 'odd lengths, an empty segment, rows of none', offsets: [1, 4, 4, 5, 12], rows: 14 },
  { ...small, name: 'two groups', heads: 4, groups: 2, offsets: [0, 7, 30] },
  { ...small, name: 'a clamp that bites', offsets: [0, 20], leastDelta: 0.5, mostDelta: 0.9 },
  { ...tiny, name: 'a whole chunk', offsets: [0, 128] },
  { ...tiny, name: 'a token more than a chunk', offsets: [0, 129] },
  { ...tiny, name: 'several chunks and segments', offsets: [0, 300, 301, 431, 520] },
  { ...tiny, name: 'quick and slow decay', offsets: [0, 290], spread: 4 },
  { ...tiny, name: 'bf16', offsets: [0, 200, 263], x: 'bf16' },
  { ...tiny, name: 'mixed types', offsets: [0, 150], x: 'bf16', dt: 'f32', gradient: 'f32' },
  { ...small, name: 'widths of no vector', heads: 24, headSize: 23, groups: 2, stateSize: 21, offsets: [0, 137, 141] },
  { ...small, name: 'granite 4 widths', heads: 12, headSize: 64, stateSize: 128, offsets: [0, 261] },
];

interface Problem {
  readonly xbc: LabTensor;
  readonly dt: LabTensor;
  readonly dy: LabTensor;
  readonly weights: readonly [LabTensor, LabTensor, LabTensor];
  readonly options: StateSpaceOptions & { dtBias: TensorId; aLog: TensorId; d: TensorId; segments: TensorId };
}

function problemOf({ name: _name, offsets, x = 'f32', dt = x, gradient = x, spread = 1, ...rest }: Case): Problem {
  const { rows = offsets.at(-1) ?? 0, ...options } = rest;
  const { heads, headSize, groups, stateSize } = options;
  const aLog = lab.tensor(
    'f32',
    [heads],
    lab.values(lab.random('f32', [heads], 5)).map((value) => spread * value),
  );
  const weights = [lab.random('f32', [heads], 4), aLog, lab.random('f32', [heads], 6)] as const;
  return {
    xbc: lab.random(x, [rows, heads * headSize + 2 * groups * stateSize], 1),
    dt: lab.random(dt, [rows, heads], 2),
    dy: lab.random(gradient, [rows, heads * headSize], 3),
    weights,
    options: { ...options, dtBias: weights[0].id, aLog: aLog.id, d: weights[2].id, segments: lab.tensor('i32', [offsets.length], offsets).id },
  };
}

function runOf(shape: Case): () => Result[] {
  const { xbc, dt, dy, options } = problemOf(shape);
  const { heads, headSize, stateSize } = options;
  const [rows, segments] = [xbc.shape[0] ?? 0, shape.offsets.length - 1];
  return () => {
    // Not empty: rows of no segment must be cleared.
    const [y, dxbc, ddt] = [lab.random(dy.dtype as Float, dy.shape, 7), lab.random(dy.dtype as Float, xbc.shape, 8), lab.random('f32', dt.shape, 9)];
    const states = lab.empty('f32', [Math.floor(rows / 128) + segments, heads, stateSize, headSize]);
    const final = lab.random('f32', [segments, heads, stateSize, headSize], 10);
    const [dDtBias, dALog, dD] = [11, 12, 13].map((seed) => lab.random('f32', [heads], seed)) as [LabTensor, LabTensor, LabTensor];
    lab.addon.stateSpaceForward(y.id, xbc.id, dt.id, { ...options, states: states.id, initial: noTensor, final: final.id });
    const sums = { dDtBias: dDtBias.id, dALog: dALog.id, dD: dD.id };
    lab.addon.stateSpaceBackward(dxbc.id, ddt.id, dy.id, xbc.id, { ...options, ...sums, dt: dt.id, states: states.id });
    const named = { y, final, dxbc, ddt, dDtBias, dALog, dD };
    return Object.entries(named).map(([name, tensor]) => ({ name, dtype: tensor.dtype, values: lab.values(tensor) }));
  };
}

const cut = (values: ArrayLike<number>, each: number): number[][] =>
  Array.from({ length: values.length / each }, (_, i) => Array.from(values).slice(i * each, (i + 1) * each));

describe('state_space', () => {
  it.each(cases)('rows agree: $name', (shape) => {
    expect(compareRows('state_space', runOf(shape)).differences).toEqual([]);
  });

  it.each([0, 7, 8])('gives the same bits on any thread count: case %i', (index) => {
    expect(threadDifferences('state_space', runOf(cases[index] as Case))).toEqual([]);
  });

  it.each(cases.slice(0, 8))('is the recurrence: $name', (shape) => {
    const { xbc, dt, weights, options } = problemOf(shape);
    const [rows, tokenRows] = [cut(lab.values(xbc), xbc.shape[1] ?? 0), cut(lab.values(dt), options.heads)];
    const [dtBias = [], aLog = [], d = []] = weights.map((weight) => [...lab.values(weight)]);
    const zero = new Array<number>(options.heads * options.headSize).fill(0);
    const expected = rows.map(() => zero);
    shape.offsets.slice(1).forEach((end, s) => {
      const from = shape.offsets[s] ?? 0;
      const values = stateSpaceReference(rows.slice(from, end), tokenRows.slice(from, end), { ...options, dtBias, aLog, d });
      values.forEach((row, t) => (expected[from + t] = row));
    });
    const [y] = compareRows('state_space', runOf(shape)).reference;
    expect(errorInBounds(y?.values ?? new Float64Array(), Float64Array.from(expected.flat()), 1e-6, 'f32')).toBeLessThanOrEqual(1);
  });

  it('goes on from a state as if it had never stopped', () => {
    const { xbc, dt, options } = problemOf({ ...tiny, name: '', offsets: [0, 200] });
    const state = (): LabTensor => lab.empty('f32', [1, options.heads, options.stateSize, options.headSize]);
    const part = (tensor: LabTensor, from: number, to: number): LabTensor => {
      const columns = tensor.shape[1] ?? 0;
      return lab.tensor('f32', [to - from, columns], lab.values(tensor).subarray(from * columns, to * columns));
    };
    const run = (from: number, to: number, initial: LabTensor | null): { y: LabTensor; final: LabTensor } => {
      const [y, final, segments] = [lab.empty('f32', [to - from, 128]), state(), lab.tensor('i32', [2], [0, to - from]).id];
      const rest = { states: noTensor, initial: initial?.id ?? noTensor, final: final.id };
      lab.addon.stateSpaceForward(y.id, part(xbc, from, to).id, part(dt, from, to).id, { ...options, segments, ...rest });
      return { y, final };
    };
    for (const row of lab.addon.listKernels().filter(({ op, supported }) => op === 'state_space' && supported)) {
      lab.addon.forceKernel('state_space', row.name);
      const whole = run(0, 200, null);
      const first = run(0, 131, null);
      const second = run(131, 132, first.final);
      const third = run(132, 200, second.final);
      const joined = Float64Array.from([first, second, third].flatMap(({ y }) => [...lab.values(y)]));
      expect(errorInBounds(joined, lab.values(whole.y), 2e-6, 'f32'), row.name).toBeLessThanOrEqual(1);
      expect(errorInBounds(lab.values(third.final), lab.values(whole.final), 2e-6, 'f32'), row.name).toBeLessThanOrEqual(1);
    }
  });

  it('refuses shapes that do not fit', () => {
    const { xbc, dt, options } = problemOf({ ...small, name: '', offsets: [0, 4] });
    const y = lab.empty('f32', [4, 10]).id;
    const rest = { states: noTensor, initial: noTensor, final: noTensor };
    expect(() => lab.addon.stateSpaceForward(y, xbc.id, dt.id, { ...options, ...rest, groups: 3 })).toThrow(/no multiple of groups/);
    expect(() => lab.addon.stateSpaceForward(y, xbc.id, dt.id, { ...options, ...rest, stateSize: 4 })).toThrow(/xbc is \[4, 16\]/);
    expect(() => lab.addon.stateSpaceForward(y, xbc.id, dt.id, { ...options, ...rest, states: y })).toThrow(/states has 40 elements/);
  });
});
