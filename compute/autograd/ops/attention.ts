/**
 * Causal attention over packed rows: o = softmax(q kᵀ · scale) v, within each segment, heads sharing keys in groups
 * (Ainslie et al. 2023), in blocks (Dao 2023). Optional sliding window and soft cap of the scores.
 */
import type { AttentionOptions } from '../../tensor/addon.ts';
import { loadAddon } from '../../tensor/load-addon.ts';
import { empty, type Tensor } from '../../tensor/tensor.ts';
import type { Tape, Variable } from '../tape.ts';

export interface AttentionInputs {
  /** [Tq, H·D] */
  readonly q: Variable;
  /** [Tk, G·D] */
  readonly k: Variable;
  /** [Tk, G·D] */
  readonly v: Variable;
  /** i32 [S + 1]: where each segment's queries begin; queries are the last positions of their segment's keys. */
  readonly queryOffsets: Tensor;
  /** i32 [S + 1]: where each segment's keys begin. */
  readonly keyOffsets: Tensor;
}

/** Returns [Tq, H·D]. */
export function attention(tape: Tape, { q, k, v, queryOffsets, keyOffsets }: AttentionInputs, options: AttentionOptions): Variable {
  const o = empty(q.value.dtype, q.value.shape);
  const lse = empty('f32', [options.heads, q.value.rows]);
  const offsets = { queryOffsets: queryOffsets.id, keyOffsets: keyOffsets.id };
  loadAddon().attentionForward(o.id, lse.id, q.value.id, k.value.id, { ...options, ...offsets, v: v.value.id });
  return tape.record(o, {
    inputs: [q, k, v],
    saved: [q.value, k.value, v.value, o, lse, queryOffsets, keyOffsets],
    backward: (dout) => {
      const gradients = [q, k, v].map((input) => ({ input, grad: empty(input.value.dtype, input.value.shape) }));
      const [dq, dk, dv] = gradients.map(({ grad }) => grad.id) as [Tensor['id'], Tensor['id'], Tensor['id']];
      const forward = { q: q.value.id, k: k.value.id, v: v.value.id, o: o.id, lse: lse.id };
      loadAddon().attentionBackward(dq, dk, dv, dout.id, { ...options, ...offsets, ...forward });
      for (const { input, grad } of gradients) input.adopt(grad);
    },
  });
}

/** One head of one segment, q, k and v as rows. */
export function attentionReference(
  q: readonly (readonly number[])[],
  k: readonly (readonly number[])[],
  v: readonly (readonly number[])[],
  { scale, window, softcap }: Pick<AttentionOptions, 'scale' | 'window' | 'softcap'>,
): number[][] {
  const first = k.length - q.length;
  return q.map((query, i) => {
    const visible = k.map((_, j) => j).filter((j) => j <= first + i && (window === 0 || j > first + i - window));
    const scores = visible.map((j) => {
      const raw = scale * query.reduce((sum, value, c) => sum + value * (k[j]?.[c] ?? NaN), 0);
      return softcap === 0 ? raw : softcap * Math.tanh(raw / softcap);
    });
    const largest = Math.max(...scores);
    const weights = scores.map((score) => Math.exp(score - largest));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return query.map((_, c) => visible.reduce((sum, j, n) => sum + ((weights[n] ?? NaN) / total) * (v[j]?.[c] ?? NaN), 0));
  });
}
