/** Sums, products and measures over arrays in the second-level cache's reach and far beyond it. */
import type { BenchCase } from '../bench-case.ts';
import { memoryBound, type Shape } from './memory-bound.ts';

const shapes: Shape[] = [
  { dtype: 'f32', rows: 128, columns: 576 },
  { dtype: 'f32', rows: 16_384, columns: 1024 },
  { dtype: 'bf16', rows: 16_384, columns: 1024 },
];

export const cases: BenchCase[] = shapes.flatMap((shape) => [
  memoryBound({
    op: 'elementwise',
    name: 'addScaled',
    shape,
    flops: 3,
    arrays: 3,
    prepare: (addon, make) => {
      const [out, a, b] = [make(), make(), make()];
      return () => addon.addScaled(out, a, b, { alpha: 0.5, beta: 2 });
    },
  }),
  memoryBound({
    op: 'elementwise',
    name: 'multiply',
    shape,
    flops: 1,
    arrays: 3,
    prepare: (addon, make) => {
      const [out, a, b] = [make(), make(), make()];
      return () => addon.multiply(out, a, b);
    },
  }),
  memoryBound({
    op: 'elementwise',
    name: 'sumOfSquares',
    shape,
    flops: 2,
    arrays: 1,
    prepare: (addon, make) => {
      const x = make();
      return () => void addon.sumOfSquares(x);
    },
  }),
  memoryBound({
    op: 'elementwise',
    name: 'allFinite',
    shape,
    flops: 0,
    arrays: 1,
    prepare: (addon, make) => {
      const x = make();
      return () => void addon.allFinite(x);
    },
  }),
  memoryBound({
    op: 'elementwise',
    name: 'fill',
    shape,
    flops: 0,
    arrays: 1,
    prepare: (addon, make) => {
      const x = make();
      return () => addon.fill(x, 0);
    },
  }),
]);
