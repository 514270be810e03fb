/** The optimizer's step over an adapter's size and over one that leaves every cache. */
import type { BenchCase } from '../bench-case.ts';
import { memoryBound } from './memory-bound.ts';

export const cases: BenchCase[] = [256, 16_384].map((rows) =>
  memoryBound({
    op: 'adamw',
    name: 'step',
    shape: { dtype: 'f32', rows, columns: 1024 },
    flops: 14,
    arrays: 7,
    prepare: (addon, make) => {
      const [param, grad, m, v] = [make(), make(), make(), make()];
      // √v must be real, as it is in training.
      addon.multiply(v, v, v);
      return () => addon.adamw(param, grad, m, v, { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01, step: 10, gradScale: 1 });
    },
  }),
);
