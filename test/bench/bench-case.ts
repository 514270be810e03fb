/** What a bench file of a kernel exports: `export const cases: readonly BenchCase[]`. The bench forces rows and times; a case only works. */
import type { Addon } from '../../compute/tensor/addon.ts';

export interface BenchCase {
  /** Table whose rows are compared. */
  readonly op: string;
  /** What is measured: the shape and where training meets it. */
  readonly name: string;
  setup(addon: Addon): BenchRun;
}

export interface BenchRun {
  run(): void;
  /** Of one run; 0 where counting them says nothing. */
  readonly flops: number;
  /** Read and written by one run at least: every operand once. */
  readonly bytes: number;
  dispose(): void;
}
