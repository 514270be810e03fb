/** The parts of a Mamba-2 layer at granite 4.0's hybrid shapes; its projections are in gemm.bench.ts's table of products. */
import { KernelLab } from '../../support/kernel-lab.ts';
import type { BenchCase, BenchRun } from '../bench-case.ts';
import { noTensor, type TensorId } from '../../../compute/tensor/addon.ts';

interface Shape {
  readonly name: string;
  readonly dtype: 'f32' | 'bf16';
  readonly heads: number;
  readonly segments: number;
  /** Of each segment. */
  readonly tokens: number;
}

const [headSize, stateSize] = [64, 128];
const shapes: Shape[] = (['f32', 'bf16'] as const).flatMap((dtype) => [
  { name: 'granite 4.0 h 1B, one row of 1024', dtype, heads: 48, segments: 1, tokens: 1024 },
  { name: 'granite 4.0 h 1B, 8 packed rows of 128', dtype, heads: 48, segments: 8, tokens: 128 },
]);
const generation: Shape = { name: 'granite 4.0 h 1B, one token', dtype: 'f32', heads: 48, segments: 1, tokens: 1 };

const offsetsOf = ({ segments, tokens }: Shape): Int32Array => Int32Array.from({ length: segments + 1 }, (_, s) => s * tokens);

function scan(shape: Shape, isForward: boolean): BenchCase {
  const { name, dtype, heads, segments, tokens } = shape;
  return {
    op: 'state_space',
    name: `${isForward ? 'forward' : 'backward'}, ${name}, ${dtype}`,
    setup: (addon): BenchRun => {
      const lab = new KernelLab();
      const [rows, inner] = [segments * tokens, heads * headSize];
      const matrix = (columns: number, seed: number): TensorId => lab.random(dtype, [rows, columns], seed).id;
      const vector = (seed: number): TensorId => lab.random('f32', [heads], seed).id;
      const [xbc, dt, y] = [matrix(inner + 2 * stateSize, 1), matrix(heads, 2), matrix(inner, 3)];
      const [dxbc, ddt] = [matrix(inner + 2 * stateSize, 4), matrix(heads, 5)];
      const state = (): TensorId => lab.tensor('f32', [segments, heads, stateSize, headSize], new Float32Array(segments * inner * stateSize)).id;
      const states = tokens === 1 ? noTensor : lab.empty('f32', [Math.floor(rows / 128) + segments, heads, stateSize, headSize]).id;
      const segmentStarts = lab.tensor('i32', [segments + 1], offsetsOf(shape)).id;
      const sizes = { heads, headSize, groups: 1, stateSize, leastDelta: 0, mostDelta: Infinity };
      const options = { ...sizes, dtBias: vector(6), aLog: vector(7), d: vector(8), segments: segmentStarts, states };
      const ends = tokens === 1 ? { initial: state(), final: state() } : { initial: noTensor, final: noTensor };
      const forward = (): void => addon.stateSpaceForward(y, xbc, dt, { ...options, ...ends });
      const sums = { dDtBias: noTensor, dALog: noTensor, dD: noTensor };
      const backward = (): void => addon.stateSpaceBackward(dxbc, ddt, y, xbc, { ...options, ...sums, dt });
      forward();
      const flops = (isForward ? 1 : 2) * rows * inner * (4 * stateSize + 128);
      return {
        run: isForward ? forward : backward,
        flops,
        bytes: rows * (2 * inner + 2 * stateSize) * (dtype === 'f32' ? 4 : 2),
        dispose: () => lab.release(),
      };
    },
  };
}

function convolution(shape: Shape, isForward: boolean): BenchCase {
  const { name, dtype, heads, segments, tokens } = shape;
  return {
    op: 'causal_conv',
    name: `${isForward ? 'forward' : 'backward'}, ${name}, ${dtype}`,
    setup: (addon): BenchRun => {
      const lab = new KernelLab();
      const [rows, columns] = [segments * tokens, heads * headSize + 2 * stateSize];
      const [x, y, dx] = [1, 2, 3].map((seed) => lab.random(dtype, [rows, columns], seed).id) as [TensorId, TensorId, TensorId];
      const options = {
        weight: lab.random('f32', [columns, 4], 4).id,
        bias: lab.random('f32', [columns], 5).id,
        segments: lab.tensor('i32', [segments + 1], offsetsOf(shape)).id,
      };
      const run = (): void => (isForward ? addon.causalConvForward(y, x, options) : addon.causalConvBackward(dx, noTensor, noTensor, y, { ...options, x }));
      return { run, flops: 0, bytes: (isForward ? 2 : 3) * rows * columns * (dtype === 'f32' ? 4 : 2), dispose: () => lab.release() };
    },
  };
}

export const cases: BenchCase[] = [
  ...shapes.flatMap((shape) => [scan(shape, true), scan(shape, false)]),
  scan(generation, true),
  ...shapes.filter(({ segments }) => segments === 1).flatMap((shape) => [convolution(shape, true), convolution(shape, false)]),
];
