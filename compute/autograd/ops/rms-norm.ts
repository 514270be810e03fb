/**
 * y = x / sqrt(mean(x²) + ε) · (w + offset), row by row (Zhang & Sennrich 2019), or head by head where w is as long as a head.
 * Gemma stores w - 1, hence the offset.
 */
import { noTensor, type TensorId } from '../../tensor/addon.ts';
import { loadAddon } from '../../tensor/load-addon.ts';
import type { FloatDType } from '../../tensor/dtype.ts';
import { empty, reshape, type Tensor } from '../../tensor/tensor.ts';
import type { Tape, Variable } from '../tape.ts';

export interface RmsNormOptions {
  /** Type of the output; default: the input's. */
  readonly dtype?: FloatDType;
  readonly epsilon: number;
  readonly offset: number;
}

/** x [R, H·C], w [C], H = 1 but for norms of heads; returns [R, H·C]. */
export function rmsNorm(tape: Tape, x: Variable, w: Variable, { epsilon, offset, dtype }: RmsNormOptions): Variable {
  const y = empty(dtype ?? x.value.dtype, x.value.shape);
  const columns = w.value.columns;
  const normed = (tensor: Tensor): Tensor => (tensor.columns === columns ? tensor : reshape(tensor, [(tensor.rows * tensor.columns) / columns, columns]));
  const inverseRms = empty('f32', [normed(x.value).rows]);
  loadAddon().rmsnormForward(normed(y).id, inverseRms.id, normed(x.value).id, w.value.id, { epsilon, offset });
  return tape.record(y, {
    inputs: [x, w],
    saved: [x.value, w.value, inverseRms],
    backward: (dy) => {
      const dw = w.requiresGrad && w.grad !== null ? w.grad.id : noTensor;
      const wanted = x.requiresGrad ? x : null;
      const write = (dx: TensorId, accumulate: boolean): void =>
        loadAddon().rmsnormBackward(dx, dw, normed(dy).id, normed(x.value).id, { w: w.value.id, inverseRms: inverseRms.id, offset, accumulate });
      if (wanted !== null) wanted.contribute((dx, accumulate) => write(normed(dx).id, accumulate));
      else write(noTensor, false);
    },
  });
}

export function rmsNormReference(x: readonly number[], w: readonly number[], { epsilon, offset }: RmsNormOptions): number[] {
  const meanSquare = x.reduce((sum, value) => sum + value * value, 0) / x.length;
  return x.map((value, i) => (value / Math.sqrt(meanSquare + epsilon)) * ((w[i] ?? NaN) + offset));
}
