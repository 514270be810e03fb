/**
 * Several projections of one input in one matrix: y_i = x · W_iᵀ + s · drop(x) · Aᵀ · B_iᵀ, with W_i and B_i the rows of part i. Each part is a
 * result of its own, so that nothing is cut and copied afterwards; h = s · drop(x) · Aᵀ is computed once for all.
 */
import type { GemmOptions } from '../../tensor/addon.ts';
import { loadAddon } from '../../tensor/load-addon.ts';
import { empty, type Tensor } from '../../tensor/tensor.ts';
import { RowsOfVariable, type StackedWeight } from '../stacked-weight.ts';
import type { Tape, Variable } from '../tape.ts';
import type { Weight } from '../weight.ts';
import { contributeWeight, product } from './linear.ts';
import { droppedInput, type Dropout, type LowRank } from './lora-linear.ts';

type Adapter = LowRank & { readonly dropout: Dropout | null };

const multiply = (out: Tensor, a: Tensor, b: Tensor, options: GemmOptions): void => loadAddon().gemm(out.id, a.id, b.id, options);

/** x [T, K], W [N1 + N2 …, K]; returns [T, N1], [T, N2] … */
export function splitLinear(tape: Tape, x: Variable, { parts }: StackedWeight, adapter: Adapter | null): Variable[] {
  if (adapter === null) return parts.map((part) => projection(tape, x, part, null));
  const h = lowRank(tape, x, adapter);
  let from = 0;
  return parts.map((part) => {
    const b = new RowsOfVariable(adapter.b, from, (from += part.outputs));
    return projection(tape, x, part, { h, b });
  });
}

/** h = s · drop(x) · Aᵀ, f32 [T, r]. */
function lowRank(tape: Tape, x: Variable, { a, scale, dropout }: Adapter): Variable {
  const drops = dropout !== null && dropout.p > 0;
  const h = empty('f32', [x.value.rows, a.value.rows]);
  multiply(h, droppedInput(x.value, dropout), a.value, { transposeB: true, alpha: scale });
  return tape.record(h, {
    inputs: [x, a],
    saved: [x.value],
    backward: (dh) => {
      a.contribute((da, accumulate) => multiply(da, dh, droppedInput(x.value, dropout), { transposeA: true, alpha: scale, accumulate }));
      if (!drops) return x.contribute((dx, accumulate) => multiply(dx, dh, a.value, { alpha: scale, accumulate }));
      if (!x.requiresGrad) return;
      const part = empty(x.value.dtype, x.value.shape);
      multiply(part, dh, a.value, { alpha: scale });
      loadAddon().dropout(part.id, part.id, dropout);
      x.adopt(part);
    },
  });
}

/** y = x · Wᵀ, and + h · Bᵀ where there is an adapter: in one product. */
function projection(tape: Tape, x: Variable, weight: Weight, low: { readonly h: Variable; readonly b: Variable } | null): Variable {
  const { products } = tape;
  const added = low === null ? {} : { low: { a2: low.h.value.id, b2: low.b.value.id, transposeB2: true } };
  const y = product(x.value, { weight, bias: null, products, ...added });
  return tape.record(y, {
    inputs: [x, weight.variable, ...(low === null ? [] : [low.h, low.b])],
    saved: [...(low === null ? [] : [low.h.value, low.b.value]), ...(weight.variable.requiresGrad ? [x.value] : [])],
    backward: (dy) => {
      low?.b.contribute((db, accumulate) => multiply(db, dy, low.h.value, { transposeA: true, accumulate }));
      low?.h.contribute((dh, accumulate) => multiply(dh, dy, low.b.value, { accumulate }));
      x.contribute((dx, accumulate) => weight.multiplyBack(dx, dy, { products, accumulate }));
      contributeWeight(weight, dy, x.value);
    },
  });
}
