/** One forward pass: what every module needs to know about the batch it computes. */
import type { Tape } from '../autograd/tape.ts';
import { fromInts, type Tensor } from '../tensor/tensor.ts';
import type { FloatDType } from '../tensor/dtype.ts';

export interface Pass {
  readonly tape: Tape;
  /** Type of the activations inside the blocks; the residual stream between them is f32. */
  readonly dtype: FloatDType;
  /** i32 [T]: each token's position in its own row. */
  readonly positions: Tensor;
  /** i32 [S + 1]: where the packed rows begin; attention never crosses them. */
  readonly segments: Tensor;
  /** Positions that the batch reaches: the largest of them + 1. Long rope goes by it. */
  readonly reach: number;
  /** What layers keep of earlier tokens while generating, else null. */
  readonly cache: LayerCache | null;
  /** Which random numbers dropout draws: null outside of training. */
  readonly dropout: DropoutKey | null;
}

export interface DropoutKey {
  readonly p: number;
  readonly seed: number;
  /** Distinct for every micro-batch of the run. */
  readonly microBatch: number;
}

/** What each layer keeps while one sequence is generated. What is returned belongs to the cache or to the scope this is called in. */
export interface LayerCache {
  /** Adds the new tokens' keys and values [T, G·D] of a layer, and returns those of all tokens so far. */
  extend(layer: number, k: Tensor, v: Tensor): { readonly k: Tensor; readonly v: Tensor; readonly keyOffsets: Tensor };
  /** The last `width` rows before x [T, C], zero where there were none, and x behind them: [width + T, C]. Keeps the last `width` of them. */
  window(layer: number, x: Tensor, width: number): Tensor;
  /** The state, f32 of this shape, behind the tokens before, and where the one behind the new tokens is to be written. */
  states(layer: number, shape: readonly number[]): { readonly initial: Tensor; readonly final: Tensor };
}

/**
 * The layout of packed rows; the tensors belong to the scope this is called in. `reach` is given where more tokens of the same row will come,
 * so that all of them are turned alike.
 */
export const passTensors = (
  positions: Int32Array,
  segments: Int32Array,
  reach = 1 + positions.reduce((largest, position) => Math.max(largest, position), -1),
): Pick<Pass, 'positions' | 'segments' | 'reach'> => ({ positions: fromInts(positions), segments: fromInts(segments), reach });
