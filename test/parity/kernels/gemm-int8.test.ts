/** The int8 product: the reference against the formula in TypeScript, every row against the reference to the bit, and how far it is from f32. */
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { dequantise } from '../../../compute/formats/quants/dequantise.ts';
import { compareRows, threadDifferences } from '../../support/kernel-rows.ts';
import { errorInBounds, KernelLab, rowsOf, sequence, type LabTensor } from '../../support/kernel-lab.ts';
import { storedBytes, storedTensor, storedTypes, type StoredType } from '../../support/stored-blocks.ts';

interface Case {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly b?: 'f32' | StoredType;
  /** b is stored [N, K]. */
  readonly transposeB?: boolean;
  readonly accumulate?: boolean;
  readonly alpha?: number;
}

const OP = 'gemm_int8';
const BLOCK = 64;
const lab = new KernelLab();
const usual = rowsOf(OP).find((row) => row.chosen)?.name ?? '';
afterEach(() => lab.release());
afterAll(() => {
  lab.addon.forceKernel(OP, usual);
  lab.addon.configure({ threads: 2 });
});

const label = ({ m, n, k, b = 'f32', transposeB, accumulate }: Case): string =>
  `${m} × ${n} × ${k}, b ${b}${transposeB ? ' [N, K]' : ' [K, N]'}${accumulate ? ', +=' : ''}`;
const named = (cases: readonly Case[]): [string, Case][] => cases.map((one) => [label(one), one]);

/** Every tail of a tile of 6 or 14 rows, of a panel of 32 columns, of a step of 4 and of a block of 64 in k. */
const tails: Case[] = [1, 2, 5, 6, 7, 13, 14, 15, 29].flatMap((m, i) =>
  [1, 3, 4, 5, 63, 64, 65, 67, 132].map((k, j) => ({
    m,
    n: [1, 8, 15, 16, 17, 31, 32, 33, 70][(i + 2 * j) % 9] ?? 1,
    k,
    transposeB: (i + j) % 2 === 0,
    accumulate: i % 3 === 0,
  })),
);
const stored: Case[] = storedTypes.flatMap((b) => [
  { m: 9, n: 37, k: 768, b, transposeB: true },
  { m: 9, n: 512, k: 75, b, accumulate: true },
]);
/** More than one slice of k in a block of C; several blocks of rows and of columns. */
const large: Case[] = [
  { m: 7, n: 40, k: 1700, transposeB: true, accumulate: true },
  { m: 205, n: 300, k: 140 },
  { m: 5, n: 40, k: 300, alpha: 0.3, accumulate: true },
  { m: 0, n: 4, k: 3 },
  { m: 3, n: 0, k: 3 },
  { m: 3, n: 4, k: 0 },
  { m: 3, n: 4, k: 0, accumulate: true },
];

interface Problem {
  readonly a: LabTensor;
  readonly b: LabTensor;
  readonly start: Float64Array;
}

function problemOf({ m, n, k, b: type = 'f32', transposeB }: Case): Problem {
  const shape = transposeB ? [n, k] : [k, n];
  const b = type === 'f32' ? lab.random('f32', shape, 2) : storedTensor(lab, type, shape, storedBytes(type, shape, 2));
  return { a: lab.random('f32', [m, k], 1), b, start: Float64Array.from({ length: m * n }, sequence(3)) };
}

function product({ a, b, start }: Problem, { m, n, transposeB = false, accumulate = false, alpha = 1 }: Case, packed = false): Float64Array {
  const c = lab.tensor('f32', [m, n], start);
  const panels = packed ? lab.addon.gemmInt8Pack(b.id, { transposeB, tag: 'test' }) : b.id;
  lab.addon.gemmInt8(c.id, a.id, panels, { transposeB, accumulate, alpha });
  if (packed) lab.addon.release(panels);
  return lab.values(c);
}

/** `values` rounded to 127 steps either way: what a run of up to a block becomes. */
function roundRun(values: readonly number[]): { readonly q: readonly number[]; readonly scale: number } {
  const largest = Math.max(0, ...values.map(Math.abs));
  if (largest < 2 ** -100) return { q: values.map(() => 0), scale: 0 };
  const inverse = Math.fround(127 / largest);
  const nearest = (x: number): number => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x));
  return { q: values.map((value) => nearest(Math.fround(value * inverse))), scale: Math.fround(largest / 127) };
}

function inTypeScript({ m, n, k, b: type = 'f32', transposeB, accumulate, alpha = 1 }: Case, { a, b, start }: Problem): Float64Array {
  const aValues = lab.values(a);
  const bValues = type === 'f32' ? lab.values(b) : dequantise(type, storedBytes(type, b.shape, 2));
  const runOf = (length: number, at: (i: number) => number) =>
    Array.from({ length: Math.ceil(length / BLOCK) }, (_, block) =>
      roundRun(Array.from({ length: Math.min(BLOCK, length - block * BLOCK) }, (__, i) => at(block * BLOCK + i))),
    );
  const rows = Array.from({ length: m }, (_, row) => runOf(k, (i) => aValues[row * k + i] ?? NaN));
  const columns = Array.from({ length: n }, (_, column) => runOf(k, (i) => bValues[transposeB ? column * k + i : i * n + column] ?? NaN));
  return Float64Array.from({ length: m * n }, (_, at) => {
    const [row, column] = [rows[Math.floor(at / n)] ?? [], columns[at % n] ?? []];
    const before = accumulate ? Math.fround(start[at] ?? NaN) : 0;
    return row.reduce((sum, { q, scale }, block) => {
      const other = column[block];
      const whole = q.reduce((total, x, i) => total + x * (other?.q[i] ?? NaN), 0);
      return Math.fround(sum + Math.fround(Math.fround(alpha) * scale) * Math.fround(whole * (other?.scale ?? NaN)));
    }, before);
  });
}

it.each(named([...tails, ...stored, ...large]))('reference: %s', (_, one) => {
  lab.addon.forceKernel(OP, `${OP}_ref`);
  const problem = problemOf(one);
  expect(errorInBounds(product(problem, one), inTypeScript(one, problem), 2e-7, 'f32')).toBeLessThanOrEqual(1);
});

it.each(named([...tails, ...stored, ...large, { m: 4, n: 2400, k: 3970, transposeB: true }, { m: 4, n: 2400, k: 3970, b: 'q8_0' }]))(
  'every row, packed or not, gives the bits of the reference: %s',
  (_, one) => {
    const problem = problemOf(one);
    const { differences, reference } = compareRows(OP, () => [
      { name: 'stored', dtype: 'f32', values: product(problem, one) },
      { name: 'packed', dtype: 'f32', values: product(problem, one, true) },
    ]);
    expect(differences).toEqual([]);
    expect(reference[1]?.values).toEqual(reference[0]?.values);
  },
);

it('gives the same bits on any number of threads', () => {
  for (const one of [
    { m: 250, n: 530, k: 600, transposeB: true },
    { m: 120, n: 270, k: 1500 },
  ]) {
    const problem = problemOf(one);
    expect(threadDifferences(OP, () => [{ name: label(one), dtype: 'f32', values: product(problem, one) }])).toEqual([]);
  }
});

describe('unusual numbers', () => {
  const shape = { m: 3, n: 34, k: 300, transposeB: true } as const;
  /** Row 1 of a (or of b) is changed; the others stay. */
  function changed(which: 'a' | 'b', change: (value: number, i: number) => number): { readonly values: readonly Float64Array[]; readonly plain: Float64Array } {
    const problem = problemOf(shape);
    lab.addon.forceKernel(OP, `${OP}_ref`);
    const plain = product(problem, shape);
    const matrix = problem[which];
    const values = lab.values(matrix).map((value, at) => (Math.floor(at / shape.k) === 1 ? change(value, at % shape.k) : value));
    const other = { ...problem, [which]: lab.tensor('f32', matrix.shape, values) };
    const all = rowsOf(OP).map(({ name }) => {
      lab.addon.forceKernel(OP, name);
      return product(other, shape);
    });
    return { values: all, plain };
  }
  const row = (values: Float64Array, m: number): number[] => [...values.subarray(m * shape.n, (m + 1) * shape.n)];
  const column = (values: Float64Array, n: number): number[] => [...values].filter((_, at) => at % shape.n === n);

  it.each([NaN, Infinity, -Infinity])('%s in a row of a, or of the weights, is seen in all that is made of it and nowhere else', (bad) => {
    const inA = changed('a', (value, i) => (i === 290 ? bad : value));
    const inB = changed('b', (value, i) => (i === 290 ? bad : value));
    for (const values of inA.values) {
      expect(row(values, 1).every(Number.isNaN)).toBe(true);
      expect([row(values, 0), row(values, 2)]).toEqual([row(inA.plain, 0), row(inA.plain, 2)]);
    }
    for (const values of inB.values) {
      expect(column(values, 1).every(Number.isNaN)).toBe(true);
      expect(column(values, 33)).toEqual(column(inB.plain, 33));
    }
  });

  it('multiplies rows of zeros, and what is too small to divide by, to zeros', () => {
    for (const small of [0, -0, 1e-42, 2 ** -101])
      for (const values of changed('a', () => small).values) expect(row(values, 1).every((x) => x === 0)).toBe(true);
  });

  it('keeps large and small magnitudes in proportion', () => {
    for (const factor of [2 ** 100, 2 ** -60])
      for (const { values, plain } of [changed('a', (value) => value * factor)])
        for (const each of values) expect(row(each, 1)).toEqual(row(plain, 1).map((x) => x * factor));
  });
});

describe('accuracy', () => {
  /** Distance from the product in f32, against the size of that product. */
  function relativeError(problem: Problem, one: Case): number {
    const exact = lab.empty('f32', [one.m, one.n]);
    lab.addon.gemm(exact.id, problem.a.id, problem.b.id, { transposeB: one.transposeB ?? false });
    const [right, rough] = [lab.values(exact), product(problem, one)];
    const norm = (values: Float64Array): number => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));
    return norm(rough.map((x, i) => x - (right[i] ?? NaN))) / norm(right);
  }

  it('is about one percent of the product, in both orientations', () => {
    for (const one of [
      { m: 60, n: 90, k: 1024, transposeB: true },
      { m: 60, n: 90, k: 1024 },
    ]) {
      const error = relativeError(problemOf(one), one);
      expect(error).toBeLessThan(0.008);
      expect(error).toBeGreaterThan(0.001);
    }
  });

  it('lets an outlier spoil its own block only', () => {
    const one = { m: 60, n: 90, k: 1024, transposeB: true };
    const problem = problemOf(one);
    const values = lab.values(problem.a).map((value, at) => (at % one.k === 5 ? 60 * value : value));
    const spoiled = { ...problem, a: lab.tensor('f32', [one.m, one.k], values) };
    // With one scale a row, all of the row's steps would be 60 times as coarse.
    expect(relativeError(spoiled, one)).toBeLessThan(0.06);
  });
});

describe('panels', () => {
  it('take the bytes that were announced, and serve only their own orientation and int8 products', () => {
    const b = lab.random('f32', [40, 24], 1);
    const [a, c] = [lab.random('f32', [5, 24], 2), lab.empty('f32', [5, 40])];
    const before = lab.addon.memory().arenaBytes;
    const packed = lab.addon.gemmInt8Pack(b.id, { transposeB: true, tag: 'test' });
    expect(lab.addon.memory().arenaBytes - before).toBe(lab.addon.gemmInt8PackedBytes(b.id, { transposeB: true }));
    expect(() => lab.addon.gemmInt8(lab.empty('f32', [5, 24]).id, lab.random('f32', [5, 40], 3).id, packed, { transposeB: false, accumulate: false })).toThrow(
      'other orientation',
    );
    expect(() => lab.addon.gemm(c.id, a.id, packed, { transposeB: true })).toThrow('packed');
    expect(() => lab.addon.gemmInt8Pack(packed, { transposeB: true, tag: 'test' })).toThrow('packed already');
    lab.addon.release(packed);
  });

  it('take about a byte a weight', () => {
    const b = lab.empty('q4_1', [576, 1536]);
    for (const transposeB of [true, false]) expect(lab.addon.gemmInt8PackedBytes(b.id, { transposeB }) / (576 * 1536)).toBeLessThan(1.2);
  });
});

it('refuses shapes and types that do not fit', () => {
  const [a, b, c] = [lab.random('f32', [3, 4], 1), lab.random('f32', [5, 4], 2), lab.empty('f32', [3, 5])];
  const options = { transposeB: true, accumulate: false };
  expect(() => lab.addon.gemmInt8(c.id, a.id, b.id, { ...options, transposeB: false })).toThrow('b is [5, 4], expected [4, 5]');
  expect(() => lab.addon.gemmInt8(c.id, lab.random('bf16', [3, 4], 1).id, b.id, options)).toThrow('a may not be bf16');
  expect(() => lab.addon.gemmInt8(c.id, a.id, lab.empty('i32', [5, 4]).id, options)).toThrow('i32');
  expect(() => lab.addon.gemmInt8(a.id, a.id, lab.empty('f32', [4, 4]).id, options)).toThrow('c is also an input');
});

describe('the row that another machine would choose', () => {
  it.each([
    ['ref', 'gemm_int8_ref'],
    ['neon', 'gemm_int8_8x8_dotprod'],
    ['neonbf16', 'gemm_int8_8x8_dotprod'],
    ['avx2', 'gemm_int8_6x16_avxvnni'],
    ['avx512', 'gemm_int8_14x32_avx512vnni'],
    ['amx', 'gemm_int8_14x32_avx512vnni'],
  ] as const)('under %s: %s', (isa, row) => {
    expect(lab.addon.bestKernel(OP, isa)).toBe((process.arch === 'arm64') === isa.startsWith('neon') ? row : 'gemm_int8_ref');
  });

  it('says what a row needs besides its instruction set', () => {
    const needs = lab.addon
      .listKernels()
      .filter(({ op }) => op === OP)
      .map((row) => [row.isa, row.needs]);
    expect(needs).toEqual(
      process.arch === 'arm64'
        ? [
            ['ref', ''],
            ['neon', 'dotprod'],
          ]
        : [
            ['ref', ''],
            ['avx2', 'avxvnni'],
            ['avx512', 'avx512vnni'],
          ],
    );
  });
});
