/**
 * y = a + s·b, the residual connection. The stream a keeps its type: f32 under bf16 branches, so that layers' small changes are not rounded
 * away. s is 1 but for families that scale their branches.
 */
import { loadAddon } from '../../tensor/load-addon.ts';
import { empty } from '../../tensor/tensor.ts';
import type { Tape, Variable } from '../tape.ts';

export function add(tape: Tape, a: Variable, b: Variable, { scale = 1 }: { readonly scale?: number } = {}): Variable {
  const y = empty(a.value.dtype, a.value.shape);
  loadAddon().addScaled(y.id, a.value.id, b.value.id, { alpha: 1, beta: scale });
  return tape.record(y, {
    inputs: [a, b],
    backward: (dy) => {
      a.adopt(dy);
      if (b.value.dtype === dy.dtype && scale === 1) b.adopt(dy);
      else b.contributeWritten((db) => loadAddon().convert(db.id, dy.id, { scale }));
    },
  });
}

export const addReference = (a: readonly number[], b: readonly number[], scale = 1): number[] => a.map((value, i) => value + scale * (b[i] ?? NaN));
