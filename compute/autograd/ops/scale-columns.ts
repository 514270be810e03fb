/** y = x · diag(w): each column times its own factor. */
import { noTensor } from '../../tensor/addon.ts';
import { loadAddon } from '../../tensor/load-addon.ts';
import { empty } from '../../tensor/tensor.ts';
import type { Tape, Variable } from '../tape.ts';

/** x [R, C], w f32 [C]; returns [R, C]. */
export function scaleColumns(tape: Tape, x: Variable, w: Variable): Variable {
  const addon = loadAddon();
  const y = empty(x.value.dtype, x.value.shape);
  addon.scaleColumns(y.id, x.value.id, w.value.id, noTensor);
  return tape.record(y, {
    inputs: [x, w],
    saved: [w.value, ...(w.requiresGrad ? [x.value] : [])],
    backward: (dy) => {
      w.contributeWritten((dw) => {
        addon.columnDots(dw.id, dy.id, x.value.id);
      });
      x.contributeWritten((dx) => {
        addon.scaleColumns(dx.id, dy.id, w.value.id, noTensor);
      });
    },
  });
}

export const scaleColumnsReference = (x: readonly number[], w: readonly number[]): number[] => x.map((value, i) => value * (w[i % w.length] ?? NaN));
