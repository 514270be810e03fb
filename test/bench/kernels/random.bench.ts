/** Dropout at the shape of a 2048-token batch of SmolLM2-135M, and the starting weights. */
import type { BenchCase } from '../bench-case.ts';
import { memoryBound, type Shape } from './memory-bound.ts';

const shapes: Shape[] = [
  { dtype: 'f32', rows: 2048, columns: 576 },
  { dtype: 'bf16', rows: 2048, columns: 576 },
];
const key = { seed: 1, stream: 2 };

export const cases: BenchCase[] = shapes.flatMap((shape) => [
  memoryBound({
    op: 'random',
    name: 'dropout',
    shape,
    flops: 1,
    arrays: 2,
    prepare: (addon, make) => {
      const [y, x] = [make(), make()];
      return () => addon.dropout(y, x, { p: 0.1, ...key });
    },
  }),
  memoryBound({
    op: 'random',
    name: 'uniform',
    shape,
    flops: 2,
    arrays: 1,
    prepare: (addon, make) => {
      const out = make();
      return () => addon.randomUniform(out, { low: -1, high: 1, ...key });
    },
  }),
  memoryBound({
    op: 'random',
    name: 'normal',
    shape,
    flops: 2,
    arrays: 1,
    prepare: (addon, make) => {
      const out = make();
      return () => addon.randomNormal(out, { mean: 0, deviation: 1, ...key });
    },
  }),
]);
