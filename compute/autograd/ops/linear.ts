/** y = x · Wᵀ. The gradient of W is computed only where W is trained. */
import { loadAddon } from '../../tensor/load-addon.ts';
import { empty, type Tensor } from '../../tensor/tensor.ts';
import type { Tape, Variable } from '../tape.ts';
import type { Weight } from '../weight.ts';

/** x [T, K], W [N, K]; returns [T, N]. */
export function linear(tape: Tape, x: Variable, weight: Weight): Variable {
  const y = empty(x.value.dtype, [x.value.rows, weight.outputs]);
  loadAddon().gemm(y.id, x.value.id, weight.forwardOperand.id, { transposeB: true });
  return tape.record(y, {
    inputs: [x, weight.variable],
    saved: weight.variable.requiresGrad ? [x.value] : [],
    backward: (dy) => {
      x.contribute((dx, accumulate) => loadAddon().gemm(dx.id, dy.id, weight.backwardOperand.id, { accumulate }));
      contributeWeight(weight, dy, x.value);
    },
  });
}

/** dW += dyᵀ · x */
export function contributeWeight(weight: Weight, dy: Tensor, x: Tensor): void {
  weight.variable.contribute((dw, accumulate) => loadAddon().gemm(dw.id, dy.id, x.id, { transposeA: true, accumulate }));
}

export const linearReference = (x: readonly (readonly number[])[], w: readonly (readonly number[])[]): number[][] =>
  x.map((row) => w.map((column) => row.reduce((sum, value, k) => sum + value * (column[k] ?? NaN), 0)));
