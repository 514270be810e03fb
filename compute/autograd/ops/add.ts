/** y = a + b, the residual connection. */
import { loadAddon } from '../../tensor/load-addon.ts';
import { empty } from '../../tensor/tensor.ts';
import type { Tape, Variable } from '../tape.ts';

export function add(tape: Tape, a: Variable, b: Variable): Variable {
  const y = empty(a.value.dtype, a.value.shape);
  loadAddon().addScaled(y.id, a.value.id, b.value.id, { alpha: 1, beta: 1 });
  return tape.record(y, {
    inputs: [a, b],
    backward: (dy) => {
      a.adopt(dy);
      b.adopt(dy);
    },
  });
}

export const addReference = (a: readonly number[], b: readonly number[]): number[] => a.map((value, i) => value + (b[i] ?? NaN));
