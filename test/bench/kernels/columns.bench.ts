/** Column factors and column sums: what a trained magnitude adds to a projection, at a small model's widths. */
import type { BenchCase } from '../bench-case.ts';
import { memoryBound, type Shape } from './memory-bound.ts';

const shapes: Shape[] = [
  { dtype: 'f32', rows: 128, columns: 576 },
  { dtype: 'f32', rows: 2048, columns: 1536 },
  { dtype: 'bf16', rows: 2048, columns: 1536 },
];

export const cases: BenchCase[] = shapes.flatMap((shape) => [
  memoryBound({
    op: 'columns',
    name: 'scaleColumns',
    shape,
    flops: 2,
    arrays: 3,
    prepare: (addon, make, lab) => {
      const [out, x, add, scale] = [make(), make(), make(), lab.random('f32', [shape.columns], 9).id];
      return () => addon.scaleColumns(out, x, scale, add);
    },
  }),
  memoryBound({
    op: 'columns',
    name: 'columnDots',
    shape,
    flops: 2,
    arrays: 2,
    prepare: (addon, make, lab) => {
      const [a, b, sums] = [make(), make(), lab.random('f32', [shape.columns], 9).id];
      return () => addon.columnDots(sums, a, b);
    },
  }),
]);
