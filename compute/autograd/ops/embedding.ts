/** y[t] = table[ids[t]] · scale. */
import { loadAddon } from '../../tensor/load-addon.ts';
import type { FloatDType } from '../../tensor/dtype.ts';
import { empty, type Tensor } from '../../tensor/tensor.ts';
import type { Tape, Variable } from '../tape.ts';

/** table any [V, C], ids i32 [T]; returns [T, C] of `dtype`. */
export function embedding(tape: Tape, table: Variable, ids: Tensor, { dtype, scale = 1 }: { readonly dtype: FloatDType; readonly scale?: number }): Variable {
  const y = empty(dtype, [ids.columns, table.value.columns]);
  loadAddon().embeddingForward(y.id, table.value.id, ids.id, { scale });
  return tape.record(y, {
    inputs: [table],
    saved: [ids],
    backward: (dy) => {
      // A table is trained as a Parameter, so its gradient is there and is added to.
      table.contribute((grad) => loadAddon().embeddingBackward(grad.id, dy.id, ids.id, { scale }));
    },
  });
}

export const embeddingReference = (table: readonly (readonly number[])[], ids: readonly number[]): number[] => ids.flatMap((id) => [...(table[id] ?? [])]);
