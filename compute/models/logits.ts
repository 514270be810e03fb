/** Logits as the model means them: its output projection, its factor, its soft cap. Training fuses them with the loss (linear-cross-entropy.ts). */
import { loadAddon } from '../tensor/load-addon.ts';
import { empty, rowsOf, scope, toFloats, type Tensor } from '../tensor/tensor.ts';
import type { CausalModel } from './causal-model.ts';

/** Of rows [from, to) of the last hidden state [T, C]: [to - from, V], row-major. */
export function logitsOf(
  { head, logitScale, logitSoftcap: cap }: CausalModel,
  hidden: Tensor,
  { from, to }: { readonly from: number; readonly to: number },
): Float32Array {
  return scope(() => {
    const logits = empty('f32', [to - from, head.outputs]);
    loadAddon().gemm(logits.id, rowsOf(hidden, from, to).id, head.forwardOperand.id, { transposeB: true, alpha: logitScale });
    const values = toFloats(logits);
    return cap === 0 ? values : values.map((value) => cap * Math.tanh(value / cap));
  });
}
