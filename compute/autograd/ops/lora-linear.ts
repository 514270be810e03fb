/**
 * y = x · Wᵀ + b + s · drop(x) · Aᵀ · Bᵀ: a frozen matrix and its low-rank update (Hu et al. 2021), as PEFT computes it.
 * Dropout masks are drawn from (seed, stream, element), so the backward pass draws the same ones and none is stored.
 */
import { loadAddon } from '../../tensor/load-addon.ts';
import { empty, type Tensor } from '../../tensor/tensor.ts';
import type { Parameter, Tape, Variable } from '../tape.ts';
import type { Weight } from '../weight.ts';
import { contributeBias, contributeWeight, product } from './linear.ts';

export interface LowRank {
  /** [r, K] */
  readonly a: Parameter;
  /** [N, r] */
  readonly b: Parameter;
  /** alpha / r, or alpha / sqrt(r) when rank-stabilised. */
  readonly scale: number;
}

export interface Dropout {
  readonly p: number;
  readonly seed: number;
  readonly stream: number;
}

export interface LoraLinearOptions extends LowRank {
  /** The projection's own bias [N]. */
  readonly bias: Variable | null;
  /** Null outside of training. */
  readonly dropout: Dropout | null;
}

/** x [T, K], W [N, K]; returns [T, N]. */
export function loraLinear(tape: Tape, x: Variable, weight: Weight, { a, b, scale, bias, dropout }: LoraLinearOptions): Variable {
  const addon = loadAddon();
  const { products } = tape;
  const h = empty('f32', [x.value.rows, a.value.rows]); // s · drop(x) · Aᵀ
  addon.gemm(h.id, droppedInput(x.value, dropout).id, a.value.id, { transposeB: true, alpha: scale });
  const y = product(x.value, { weight, bias, products, low: { a2: h.id, b2: b.value.id, transposeB2: true } });
  return tape.record(y, {
    inputs: [x, weight.variable, a, b, ...(bias === null ? [] : [bias])],
    saved: [x.value, h],
    backward: (dy) => {
      const dh = empty('f32', h.shape); // s · dy · B
      addon.gemm(dh.id, dy.id, b.value.id, { alpha: scale });
      b.contribute((db, accumulate) => addon.gemm(db.id, dy.id, h.id, { transposeA: true, accumulate }));
      a.contribute((da, accumulate) => addon.gemm(da.id, droppedInput(x.value, dropout).id, dh.id, { transposeA: true, transposeC: true, accumulate }));
      contributeWeight(weight, dy, x.value);
      contributeBias(bias, dy);
      if (dropout === null || dropout.p === 0) {
        x.contribute((dx, accumulate) => weight.multiplyBack(dx, dy, { products, accumulate, low: { a2: dh.id, b2: a.value.id, transposeB2: false } }));
      } else if (x.requiresGrad) {
        const part = empty(x.value.dtype, x.value.shape);
        addon.gemm(part.id, dh.id, a.value.id, {});
        addon.dropout(part.id, part.id, dropout);
        x.contribute((dx, accumulate) => weight.multiplyBack(dx, dy, { products, accumulate }));
        x.adopt(part);
      }
    },
  });
}

/** The input with a share of it left out; itself outside of training. */
export function droppedInput(input: Tensor, dropout: Dropout | null): Tensor {
  if (dropout === null || dropout.p === 0) return input;
  const out = empty(input.dtype, input.shape);
  loadAddon().dropout(out.id, input.id, dropout);
  return out;
}
