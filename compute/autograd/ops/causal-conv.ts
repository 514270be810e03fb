/**
 * The short convolution of Mamba (Gu & Dao 2023): y[t, c] = silu(b[c] + Σ_j w[c, K - 1 - j] · x[t - j, c]), a filter a channel over the tokens
 * before, which never looks into another packed row.
 */
import { noTensor } from '../../tensor/addon.ts';
import { loadAddon } from '../../tensor/load-addon.ts';
import { empty, type Tensor } from '../../tensor/tensor.ts';
import type { Tape, Variable } from '../tape.ts';

export interface CausalConvInputs {
  /** [T, C] */
  readonly x: Variable;
  /** f32 [C, 1, K] */
  readonly weight: Variable;
  /** f32 [C] */
  readonly bias: Variable | null;
}

/** segments i32 [S + 1]; returns [T, C]. */
export function causalConv(tape: Tape, { x, weight, bias }: CausalConvInputs, segments: Tensor): Variable {
  const y = empty(x.value.dtype, x.value.shape);
  const options = { weight: weight.value.id, bias: bias?.value.id ?? noTensor, segments: segments.id };
  loadAddon().causalConvForward(y.id, x.value.id, options);
  return tape.record(y, {
    inputs: bias === null ? [x, weight] : [x, weight, bias],
    saved: [x.value, weight.value, segments, ...(bias === null ? [] : [bias.value])],
    backward: (dy) => {
      // Trained weights are Parameters, so their gradients are there and are added to.
      const [dweight, dbias] = [weight.grad?.id ?? noTensor, bias?.grad?.id ?? noTensor];
      const dx = empty(x.value.dtype, x.value.shape);
      loadAddon().causalConvBackward(dx.id, dweight, dbias, dy.id, { ...options, x: x.value.id });
      x.adopt(dx);
    },
  });
}

/** One segment: x by rows, weight by channels. */
export const causalConvReference = (x: readonly (readonly number[])[], weight: readonly (readonly number[])[], bias: readonly number[] | null): number[][] =>
  x.map((row, t) =>
    row.map((_, c) => {
      const taps = weight[c] ?? [];
      const u = taps.reduce((sum, tap, k) => sum + tap * (x[t - (taps.length - 1) + k]?.[c] ?? 0), bias?.[c] ?? 0);
      return u / (1 + Math.exp(-u));
    }),
  );
