/** Every matrix-product row against the reference row, the reference against plain TypeScript, and the same bits on any thread count. */
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { dequantise } from '../../../compute/formats/quants/dequantise.ts';
import { bfloat16ToFloat32 } from '../../../compute/formats/quants/half.ts';
import type { GemmOptions, TensorId } from '../../../compute/tensor/addon.ts';
import { dtypes } from '../../../compute/tensor/dtype.ts';
import { bf16Bits, errorInBounds, KernelLab, rowsOf, sequence, type LabTensor } from '../../support/kernel-lab.ts';
import { storedBytes, storedTensor, storedTypes, type StoredType } from '../../support/stored-blocks.ts';

type Float = 'f32' | 'bf16';
interface Case extends GemmOptions {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly b?: Float | StoredType;
  readonly c?: Float;
  /** Of a second product that is added on the way. */
  readonly rank?: number;
}

const lab = new KernelLab();
const handfuls: Case[] = storedTypes.flatMap((b) =>
  [1, 2, 3, 4, 6, 11, 16].map((m, i) => ({ m, n: 19 + i, k: 512, b, transposeB: true, c: i % 2 === 0 ? 'f32' : 'bf16', accumulate: i % 3 === 0 })),
);
const odd: Case[] = [1, 3, 5, 16].flatMap((m) => [1, 7, 16, 33, 129].map((k) => ({ m, n: 5, k, transposeB: true, transposeA: k % 2 === 0, alpha: 0.5 })));

const ops = { f32: 'gemm_f32', bf16: 'gemm_bf16' } as const;
const chosen = new Map(Object.values(ops).map((op) => [op, rowsOf(op).find((row) => row.chosen)?.name ?? '']));
afterEach(() => lab.release());
afterAll(() => {
  for (const [op, name] of chosen) lab.addon.forceKernel(op, name);
  lab.addon.configure({ threads: 2 });
});

const label = ({ m, n, k, b = 'f32', c = 'f32', transposeA, transposeB, transposeC, transposeB2, alpha, accumulate, rank }: Case): string =>
  `${m} × ${n} × ${k}, b ${b}, c ${c}${transposeA ? ', aᵀ' : ''}${transposeB ? ', bᵀ' : ''}${transposeC ? ', cᵀ' : ''}` +
  `${alpha === undefined ? '' : `, alpha ${alpha}`}${rank === undefined ? '' : `, rank ${rank}${transposeB2 ? ' b2ᵀ' : ''}`}${accumulate ? ', +=' : ''}`;
const named = (cases: readonly Case[]): [string, Case][] => cases.map((one) => [label(one), one]);

const orientations = [{}, { transposeB: true }, { transposeA: true }, { transposeA: true, transposeB: true }];
const sizes = [1, 2, 5, 8, 15, 17, 33];
/** Every tail of every tile. */
const tails: Case[] = orientations.flatMap((turned) => sizes.map((m, i) => ({ ...turned, m, n: sizes[(i * 3 + 2) % 7] ?? 1, k: sizes[(i * 5 + 1) % 7] ?? 1 })));
const shapes: Case[] = [
  ...tails,
  { m: 3, n: 4, k: 0, accumulate: true },
  { m: 0, n: 4, k: 3 },
  { m: 3, n: 0, k: 3 },
  { m: 70, n: 300, k: 577, transposeB: true },
  { m: 130, n: 71, k: 900 },
  { m: 16, n: 130, k: 1100, transposeA: true, accumulate: true, alpha: 0.5 },
  { m: 130, n: 8, k: 770, transposeA: true, alpha: 2 },
  { m: 90, n: 16, k: 64, transposeB: true, accumulate: true },
  { m: 40, n: 33, k: 200, transposeB: true, c: 'bf16' },
  { m: 40, n: 33, k: 900, c: 'bf16', accumulate: true, alpha: 0.25 },
  // More than one slice of K.
  { m: 9, n: 40, k: 9000 },
  { m: 18, n: 70, k: 4400, transposeB: true, c: 'bf16', accumulate: true },
  // Whole panels of rows, and a rest.
  { m: 75, n: 64, k: 96, transposeB: true },
  { m: 107, n: 40, k: 1280, c: 'bf16' },
  // Larger than a cache.
  { m: 300, n: 1024, k: 64, transposeB: true },
  { m: 530, n: 1056, k: 32, transposeB: true, c: 'bf16' },
  { m: 300, n: 1024, k: 64, accumulate: true },
  // With a product of low rank.
  { m: 75, n: 70, k: 96, transposeB: true, rank: 8, transposeB2: true, c: 'bf16' },
  { m: 40, n: 300, k: 700, rank: 5, accumulate: true },
  { m: 33, n: 64, k: 4400, rank: 37, transposeB2: true },
  { m: 3, n: 20, k: 64, transposeB: true, rank: 4 },
  // Into a transposed C.
  { m: 70, n: 8, k: 200, transposeA: true, transposeC: true },
  { m: 130, n: 3, k: 90, transposeA: true, transposeC: true, accumulate: true, alpha: 0.5 },
  // More than one slice of N.
  { m: 2, n: 1100, k: 2048 },
  { m: 2, n: 100, k: 333, transposeB: true },
  { m: 4, n: 64, k: 2500, transposeB: true, c: 'bf16' },
];
const quantised: Case[] = storedTypes.flatMap((b) => [
  { m: 1, n: 37, k: 512, b, transposeB: true },
  { m: 3, n: 30, k: 768, b, transposeB: true, alpha: 0.5, accumulate: true },
  { m: 37, n: 75, k: 768, b, transposeB: true },
  { m: 37, n: 512, k: 75, b },
  { m: 2, n: 256, k: 70, b },
]);
const slicedAndStored: Case[] = [
  { m: 11, n: 256, k: 4200, b: 'q8_0' },
  { m: 11, n: 40, k: 4352, b: 'q4_k', transposeB: true },
  { m: 1, n: 40, k: 9216, b: 'q6_k', transposeB: true },
];

interface Problem {
  readonly a: LabTensor;
  readonly b: LabTensor;
  readonly second: { readonly a2: LabTensor; readonly b2: LabTensor } | null;
  readonly start: Float64Array;
  readonly options: GemmOptions;
}

function problemOf(one: Case, aType: Float): Problem {
  const { m, n, k, b: type = 'f32', transposeA, transposeB } = one;
  const bShape = transposeB ? [n, k] : [k, n];
  const a = lab.random(aType, transposeA ? [k, m] : [m, k], 1);
  const b = type === 'f32' ? lab.random('f32', bShape, 2) : storedTensor(lab, type, bShape, storedBytes(type, bShape, 2));
  const { alpha, accumulate, transposeC, rank, transposeB2 = false } = one;
  const second = rank === undefined ? null : { a2: lab.random('f32', [m, rank], 4), b2: lab.random(aType, transposeB2 ? [n, rank] : [rank, n], 5) };
  const options = {
    transposeA: transposeA ?? false,
    transposeB: transposeB ?? false,
    transposeC: transposeC ?? false,
    accumulate: accumulate ?? false,
    ...(alpha === undefined ? {} : { alpha }),
    ...(second === null ? {} : { a2: second.a2.id, b2: second.b2.id, transposeB2 }),
  };
  return { a, b, second, start: Float64Array.from({ length: m * n }, sequence(3)), options };
}

/** C after the product, from the same start; with `b` in place of the problem's own where given. */
function product({ a, b, start, options }: Problem, { m, n, c = 'f32' }: Case, panels: TensorId = b.id): Float64Array {
  const out = lab.tensor(c, options.transposeC ? [n, m] : [m, n], start);
  lab.addon.gemm(out.id, a.id, panels, options);
  return lab.values(out);
}

function inTypeScript(one: Case, { a, b, second, start, options }: Problem): Float64Array {
  const { m, n, k, rank = 0 } = one;
  const aValues = lab.values(a);
  const bValues = b.dtype === 'f32' ? lab.values(b) : dequantise(b.dtype as StoredType, storedBytes(b.dtype as StoredType, b.shape, 2));
  const [a2, b2] = second === null ? [[], []] : [lab.values(second.a2), lab.values(second.b2)];
  return Float64Array.from({ length: m * n }, (_, at) => {
    const [row, column] = options.transposeC ? [at % m, Math.floor(at / m)] : [Math.floor(at / n), at % n];
    let sum = 0;
    for (let i = 0; i < k; i++)
      sum += (aValues[options.transposeA ? i * m + row : row * k + i] ?? NaN) * (bValues[options.transposeB ? column * k + i : i * n + column] ?? NaN);
    for (let i = 0; i < rank; i++) sum += (a2[row * rank + i] ?? NaN) * (b2[options.transposeB2 ? column * rank + i : i * n + column] ?? NaN);
    const before = one.c === 'bf16' ? bfloat16ToFloat32(bf16Bits(start[at] ?? NaN)) : Math.fround(start[at] ?? NaN);
    return (options.alpha ?? 1) * sum + (options.accumulate ? before : 0);
  });
}

describe.each(['f32', 'bf16'] as const)('a %s', (aType) => {
  const op = ops[aType];

  it.each(named([...tails, ...shapes.slice(tails.length), ...quantised]))('reference: %s', (_, one) => {
    lab.addon.forceKernel(op, `${op}_ref`);
    const problem = problemOf(one, aType);
    expect(errorInBounds(product(problem, one), inTypeScript(one, problem), 2e-7, one.c ?? 'f32')).toBeLessThanOrEqual(1);
  });

  describe.each(rowsOf(op).filter((row) => row.isa !== 'ref'))('$name', ({ name, tolerance }) => {
    it.each(named([...shapes, ...quantised, ...slicedAndStored]))('%s', (_, one) => {
      const problem = problemOf(one, aType);
      lab.addon.forceKernel(op, `${op}_ref`);
      const expected = product(problem, one);
      lab.addon.forceKernel(op, name);
      const actual = product(problem, one);
      expect(errorInBounds(actual, expected, tolerance, one.c ?? 'f32')).toBeLessThanOrEqual(1);

      const packed = lab.addon.gemmPack(problem.b.id, { transposeB: one.transposeB ?? false, inputType: dtypes[aType].id, tag: 'test' });
      try {
        expect(errorInBounds(product(problem, one, packed), expected, tolerance, one.c ?? 'f32')).toBeLessThanOrEqual(1);
      } finally {
        lab.addon.release(packed);
      }
    });

    it('multiplies small whole numbers exactly', () => {
      const next = sequence(9);
      const whole = (shape: [number, number]): LabTensor =>
        lab.tensor(
          aType,
          shape,
          Float64Array.from({ length: shape[0] * shape[1] }, () => Math.round(next() * 8)),
        );
      const [a, b] = [whole([61, 731]), whole([85, 731])];
      const run = (row: string): Float64Array => {
        lab.addon.forceKernel(op, row);
        const c = lab.empty('f32', [61, 85]);
        lab.addon.gemm(c.id, a.id, b.id, { transposeB: true });
        return lab.values(c);
      };
      expect(run(name)).toEqual(run(`${op}_ref`));
    });

    it('gives the same bits on any number of threads', () => {
      lab.addon.forceKernel(op, name);
      for (const one of [
        { m: 250, n: 530, k: 600, transposeB: true },
        { m: 9, n: 270, k: 4500 },
        { m: 1, n: 900, k: 768, b: 'q4_k', transposeB: true },
        { m: 333, n: 1040, k: 64, transposeB: true, rank: 8, c: 'bf16' },
        { m: 500, n: 8, k: 600, transposeA: true, transposeC: true },
      ] as const) {
        const problem = problemOf(one, aType);
        const results = [1, 2, 3].map((threads) => {
          lab.addon.configure({ threads });
          return product(problem, one);
        });
        expect(results[1]).toEqual(results[0]);
        expect(results[2]).toEqual(results[0]);
      }
    });
  });
});

// The blocked row of the same instruction set hands a handful of rows on to gemv; its bound is the one in gemv's table.
describe.each(rowsOf('gemv'))('$name', ({ name, isa, tolerance }) => {
  const usual = rowsOf('gemv').find((row) => row.chosen)?.name ?? '';
  afterAll(() => lab.addon.forceKernel('gemv', usual));

  it.skipIf(rowsOf('gemm_f32').length < 2).each(named([...handfuls, ...odd]))('%s', (_, one) => {
    for (const aType of ['f32', 'bf16'] as const) {
      const problem = problemOf(one, aType);
      const best = rowsOf(ops[aType]).find((row) => row.isa === isa && isa !== 'ref') ?? rowsOf(ops[aType])[1];
      lab.addon.forceKernel(ops[aType], `${ops[aType]}_ref`);
      const expected = product(problem, one);
      lab.addon.forceKernel(ops[aType], best?.name ?? '');
      lab.addon.forceKernel('gemv', name);
      expect(errorInBounds(product(problem, one), expected, Math.max(tolerance, 2e-7), one.c ?? 'f32')).toBeLessThanOrEqual(1);
    }
  });
});

describe('packed weights', () => {
  it('take the bytes that were announced, and only their own orientation and input type', () => {
    const b = lab.random('f32', [40, 24], 1);
    const [a, c] = [lab.random('f32', [5, 24], 2), lab.empty('f32', [5, 40])];
    const options = { transposeB: true, inputType: dtypes.f32.id };
    const before = lab.addon.memory().arenaBytes;
    const packed = lab.addon.gemmPack(b.id, { ...options, tag: 'test' });
    expect(lab.addon.memory().arenaBytes - before).toBe(Math.ceil(lab.addon.gemmPackedBytes(b.id, options) / 64) * 64);
    expect(() => lab.addon.gemm(lab.empty('f32', [5, 24]).id, lab.random('f32', [5, 40], 3).id, packed, {})).toThrow('other orientation');
    expect(() => lab.addon.gemm(c.id, lab.random('bf16', [5, 24], 3).id, packed, { transposeB: true })).toThrow('other input type');
    expect(() => lab.addon.gemmPack(packed, { ...options, tag: 'test' })).toThrow('packed already');
    expect(() => lab.addon.convert(c.id, packed, { scale: 1 })).toThrow('packed');
    lab.addon.gemm(c.id, a.id, packed, { transposeB: true });
    lab.addon.release(packed);
  });
});

it('refuses shapes and types that do not fit', () => {
  const [a, b, c] = [lab.random('f32', [3, 4], 1), lab.random('f32', [5, 4], 2), lab.empty('f32', [3, 5])];
  expect(() => lab.addon.gemm(c.id, a.id, b.id, {})).toThrow('b is [5, 4], expected [4, 5]');
  expect(() => lab.addon.gemm(lab.empty('f32', [3, 6]).id, a.id, b.id, { transposeB: true })).toThrow('expected [6, 4]');
  expect(() => lab.addon.gemm(c.id, a.id, lab.empty('i32', [5, 4]).id, { transposeB: true })).toThrow('i32');
  expect(() => lab.addon.gemm(a.id, a.id, lab.empty('f32', [4, 4]).id, {})).toThrow('c is also an input');
  const [a2, b2] = [lab.empty('f32', [3, 2]), lab.empty('f32', [2, 5])];
  const low = { transposeB: true, a2: a2.id, b2: b2.id };
  expect(() => lab.addon.gemm(c.id, a.id, b.id, { ...low, transposeB2: true })).toThrow('b2 is [2, 5], expected [5, 2]');
  expect(() => lab.addon.gemm(c.id, a.id, b.id, { ...low, alpha: 2 })).toThrow('alpha and transposeC');
  expect(() => lab.addon.gemm(lab.empty('bf16', [5, 3]).id, a.id, b.id, { transposeB: true, transposeC: true })).toThrow('transposed c is f32');
});

describe('the row that another machine would choose', () => {
  it.each([
    ['gemm_f32', 'ref', 'gemm_f32_ref'],
    ['gemm_f32', 'neon', 'gemm_f32_8x8_neon'],
    ['gemm_f32', 'neonbf16', 'gemm_f32_8x8_neon'],
    ['gemm_f32', 'avx2', 'gemm_f32_6x16_avx2'],
    ['gemm_f32', 'avx512', 'gemm_f32_14x32_avx512'],
    ['gemm_f32', 'amx', 'gemm_f32_14x32_avx512'],
    ['gemm_bf16', 'ref', 'gemm_bf16_ref'],
    ['gemm_bf16', 'neon', 'gemm_bf16_f32_8x8_neon'],
    ['gemm_bf16', 'neonbf16', 'gemm_bf16_8x8_neonbf16'],
    ['gemm_bf16', 'avx2', 'gemm_bf16_f32_6x16_avx2'],
    ['gemm_bf16', 'avx512', 'gemm_bf16_f32_14x32_avx512'],
    ['gemm_bf16', 'avx512bf16', 'gemm_bf16_14x32_avx512bf16'],
    ['gemm_bf16', 'amx', 'gemm_bf16_32x32_amx'],
    ['gemv', 'avx2', 'gemv_avx2'],
    ['gemv', 'amx', 'gemv_avx512'],
    ['dequantize', 'avx2', 'dequantize_avx2'],
    ['dequantize', 'amx', 'dequantize_avx512'],
  ] as const)('%s under %s: %s', (op, isa, row) => {
    const here = process.arch === 'arm64' ? ['ref', 'neon', 'neonbf16'] : ['ref', 'avx2', 'avx512', 'avx512bf16', 'amx'];
    expect(lab.addon.bestKernel(op, isa)).toBe(here.includes(isa) ? row : `${op}_ref`);
  });
});
