/** Every rope row against the reference row, the reference against plain TypeScript, and the same bits on any thread count. */
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { ropeReference } from '../../../compute/autograd/ops/rope.ts';
import { errorInBounds, KernelLab, rowsOf, rounded, type LabTensor } from '../../support/kernel-lab.ts';

type Float = 'f32' | 'bf16';
interface Case {
  readonly name: string;
  readonly tokens: number;
  readonly heads: number;
  readonly headSize: number;
  readonly pairs?: number;
  readonly interleaved: boolean;
  readonly inverse?: boolean;
  readonly scale?: number;
  readonly types?: { readonly x: Float; readonly y: Float };
  readonly position?: (t: number) => number;
}

const cases: Case[] = [
  { name: 'one value pair', tokens: 1, heads: 1, headSize: 2, interleaved: false },
  { name: 'half', tokens: 37, heads: 3, headSize: 64, interleaved: false },
  { name: 'interleaved', tokens: 37, heads: 3, headSize: 64, interleaved: true },
  { name: 'inverse, scaled', tokens: 20, heads: 2, headSize: 32, interleaved: false, inverse: true, scale: 1.19 },
  { name: 'interleaved inverse', tokens: 20, heads: 2, headSize: 48, interleaved: true, inverse: true, scale: 0.7 },
  { name: 'a part of the head', tokens: 9, heads: 2, headSize: 80, pairs: 16, interleaved: false },
  { name: 'odd sizes', tokens: 5, heads: 3, headSize: 27, pairs: 11, interleaved: false },
  { name: 'odd sizes, interleaved', tokens: 5, heads: 3, headSize: 27, pairs: 13, interleaved: true },
  { name: 'far positions', tokens: 40, heads: 1, headSize: 128, interleaved: false, position: (t) => t * 3271 },
  { name: 'bf16', tokens: 33, heads: 2, headSize: 64, interleaved: false, types: { x: 'bf16', y: 'bf16' } },
  { name: 'bf16 to f32', tokens: 3, heads: 2, headSize: 30, interleaved: true, types: { x: 'bf16', y: 'f32' } },
  { name: 'f32 to bf16', tokens: 3, heads: 2, headSize: 30, interleaved: false, types: { x: 'f32', y: 'bf16' } },
];

const lab = new KernelLab();
afterEach(() => lab.release());
afterAll(() => lab.addon.configure({ threads: 2 }));

const frequencies = (pairs: number): number[] => Array.from({ length: pairs }, (_, i) => Math.fround(10000 ** (-i / pairs)));

function rotate(
  { tokens, heads, headSize, pairs = headSize >> 1, types = { x: 'f32', y: 'f32' }, position = (t: number) => t, ...rest }: Case,
  into?: LabTensor,
): LabTensor {
  const shape = [tokens, heads * headSize];
  const x = lab.random(types.x, shape, 1);
  const y = into ?? lab.empty(types.y, shape);
  const positions = lab.tensor(
    'i32',
    [tokens],
    Array.from({ length: tokens }, (_, t) => position(t)),
  );
  const inverseFrequency = lab.tensor('f32', [pairs], frequencies(pairs)).id;
  const { interleaved, inverse = false, scale = 1 } = rest;
  lab.addon.rope(y.id, x.id, positions.id, { inverseFrequency, headSize, interleaved, inverse, scale });
  return y;
}

describe('the reference row of rope', () => {
  it.each(cases)('is the formula: $name', (shape) => {
    lab.addon.forceKernel('rope', 'rope_ref');
    const { tokens, heads, headSize, pairs = headSize >> 1, interleaved, inverse = false, scale = 1, position = (t: number) => t, types } = shape;
    const x = lab.values(lab.random(types?.x ?? 'f32', [tokens, heads * headSize], 1));
    const expected = x.map((_, at) => {
      const [t, head, d] = [Math.floor(at / (heads * headSize)), Math.floor(at / headSize) * headSize, at % headSize];
      // The angle is an f32 product; a frequency of angle / position gives the formula that very angle.
      const angles = frequencies(pairs).map((frequency) => Math.fround(position(t) * frequency));
      const turned = { layout: interleaved ? 'interleaved' : 'half', scale: Math.fround(scale) } as const;
      return ropeReference([...x.subarray(head, head + headSize)], inverse ? -1 : 1, angles, turned)[d] ?? NaN;
    });
    expect(errorInBounds(lab.values(rotate(shape)), expected, 1e-7, types?.y ?? 'f32')).toBeLessThanOrEqual(1);
  });
});

for (const row of rowsOf('rope').slice(1)) {
  describe(row.name, () => {
    it.each(cases)('agrees with the reference: $name', (shape) => {
      lab.addon.forceKernel('rope', 'rope_ref');
      const expected = lab.values(rotate(shape));
      lab.addon.forceKernel('rope', row.name);
      expect(errorInBounds(lab.values(rotate(shape)), expected, row.tolerance, shape.types?.y ?? 'f32')).toBeLessThanOrEqual(1);
    });

    it('turns back what it turned, in place', () => {
      lab.addon.forceKernel('rope', row.name);
      const x = lab.random('f32', [21, 3 * 40], 1);
      const before = lab.values(x);
      const positions = lab.tensor(
        'i32',
        [21],
        Int32Array.from({ length: 21 }, (_, t) => 7 * t),
      ).id;
      const options = { inverseFrequency: lab.tensor('f32', [20], frequencies(20)).id, headSize: 40, interleaved: false, scale: 1 };
      lab.addon.rope(x.id, x.id, positions, { ...options, inverse: false });
      expect(errorInBounds(lab.values(x), before, 1e-6, 'f32')).toBeGreaterThan(1);
      lab.addon.rope(x.id, x.id, positions, { ...options, inverse: true });
      expect(errorInBounds(lab.values(x), before, 1e-6, 'f32')).toBeLessThanOrEqual(1);
    });
  });
}

it('gives the same bits on any thread count', () => {
  const results = [1, 2, 3].map((threads) => {
    lab.addon.configure({ threads });
    return cases.map((shape) => lab.values(rotate(shape)));
  });
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).toEqual(results[0]);
});

it('refuses a width that is no whole number of heads', () => {
  const x = lab.random('f32', [2, 10], 1);
  const options = { inverseFrequency: lab.tensor('f32', [2], [1, rounded(0.1, 'f32')]).id, headSize: 4, interleaved: false, inverse: false, scale: 1 };
  expect(() => lab.addon.rope(x.id, x.id, lab.tensor('i32', [2], [0, 1]).id, options)).toThrow(/whole number of heads/);
});
