/** Norms at the shapes of a 2048-token batch of SmolLM2-135M and at ones that leave every cache. */
import type { BenchCase } from '../bench-case.ts';
import { memoryBound, type Shape } from './memory-bound.ts';

const shapes: Shape[] = [
  { dtype: 'f32', rows: 2048, columns: 576 },
  { dtype: 'bf16', rows: 2048, columns: 576 },
  { dtype: 'f32', rows: 8192, columns: 2048 },
];

export const cases: BenchCase[] = shapes.flatMap((shape) => [
  memoryBound({
    op: 'rmsnorm',
    name: 'forward',
    shape,
    flops: 4,
    arrays: 2,
    prepare: (addon, make, lab) => {
      const [x, y, w, inverseRms] = [make(), make(), lab.random('f32', [shape.columns], 9).id, lab.empty('f32', [shape.rows]).id];
      return () => addon.rmsnormForward(y, inverseRms, x, w, { epsilon: 1e-5, offset: 0 });
    },
  }),
  memoryBound({
    op: 'rmsnorm',
    name: 'backward with dw',
    shape,
    flops: 11,
    arrays: 3,
    prepare: (addon, make, lab) => {
      const [x, dy, dx] = [make(), make(), make()];
      const [w, dw, inverseRms] = [lab.random('f32', [shape.columns], 9).id, lab.random('f32', [shape.columns], 8).id, lab.random('f32', [shape.rows], 7).id];
      return () => addon.rmsnormBackward(dx, dw, dy, x, { w, inverseRms, offset: 0, accumulate: false });
    },
  }),
]);
