/** Setting up cases of kernels that memory bounds: tensors of reproducible numbers, given back together. */
import type { Addon, TensorId } from '../../../compute/tensor/addon.ts';
import { dtypes } from '../../../compute/tensor/dtype.ts';
import { KernelLab } from '../../support/kernel-lab.ts';
import type { BenchCase } from '../bench-case.ts';

type Float = 'f32' | 'bf16';

export interface Shape {
  readonly dtype: Float;
  readonly rows: number;
  readonly columns: number;
}

/** Makes [rows, columns] tensors of the shape's type, or of another one. */
export type Make = (dtype?: Float) => TensorId;

export interface MemoryBound {
  readonly op: string;
  readonly name: string;
  readonly shape: Shape;
  /** Operations an element. */
  readonly flops: number;
  /** Arrays of the shape's type that are read or written, each once. */
  readonly arrays: number;
  readonly prepare: (addon: Addon, make: Make, lab: KernelLab) => () => void;
}

/** The bench's case. */
export function memoryBound({ op, name, shape, flops, arrays, prepare }: MemoryBound): BenchCase {
  const { dtype, rows, columns } = shape;
  return {
    op,
    name: `${name} ${dtype} [${String(rows)}, ${String(columns)}]`,
    setup: (addon) => {
      const lab = new KernelLab();
      let seed = 0;
      const run = prepare(addon, (type = dtype) => lab.random(type, [rows, columns], ++seed).id, lab);
      return { run, flops: flops * rows * columns, bytes: arrays * rows * columns * dtypes[dtype].blockBytes, dispose: () => lab.release() };
    },
  };
}
