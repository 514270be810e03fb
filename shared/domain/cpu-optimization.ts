/** The `cpu_optimization` block: how the engine uses this machine. None of it changes what is computed, only how. */
import { z } from 'zod';

export const CpuOptimization = z.strictObject({
  /** Kernel threads. */
  num_workers: z.int().min(1).max(1024),
  /** false: plain reference kernels. */
  use_simd: z.boolean(),
  /** false: one sample a row, padded, instead of rows packed end to end. */
  use_vectorization: z.boolean(),
  /** false: weights are not re-laid into cache-sized panels. */
  cache_optimization: z.boolean(),
  /** Upper bound of the activation arena in MB; null: what is free. */
  memory_pool_size: z.int().min(16).nullable(),
  /** `low`: about one turn to another busy program's ten; `normal`: as many as any other. */
  priority: z.enum(['low', 'normal']),
  /** A kernel thread fewer while somebody works in the window. */
  spare_thread: z.boolean(),
  /** Wait between two micro-batches for as long as the machine runs on battery. */
  pause_on_battery: z.boolean(),
});
export type CpuOptimization = z.infer<typeof CpuOptimization>;

export const cpuDefaults = (cores: number): CpuOptimization => ({
  num_workers: cores,
  use_simd: true,
  use_vectorization: true,
  cache_optimization: true,
  memory_pool_size: null,
  priority: 'low',
  spare_thread: true,
  pause_on_battery: false,
});

/** What a resumed run may be given anew: none of it decides a bit. */
export const machineKeys = [
  'num_workers',
  'memory_pool_size',
  'priority',
  'spare_thread',
  'pause_on_battery',
] as const satisfies readonly (keyof CpuOptimization)[];
