/** y = a + b, the residual connection. The stream a keeps its type: f32 under bf16 branches, so that layers' small changes are not rounded away. */
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
      if (b.value.dtype === dy.dtype) b.adopt(dy);
      else b.contributeWritten((db) => loadAddon().convert(db.id, dy.id, { scale: 1 }));
    },
  });
}

export const addReference = (a: readonly number[], b: readonly number[]): number[] => a.map((value, i) => value + (b[i] ?? NaN));
