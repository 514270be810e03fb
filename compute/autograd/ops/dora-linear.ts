/**
 * y = g ⊙ (x · Wᵀ + s · x · Aᵀ · Bᵀ) + bias with g = m / ‖W + s·B·A‖ a column: weight-decomposed adaptation (Liu et al. 2024) as PEFT computes it.
 * PEFT leaves inputs out of the whole correction: with x' = drop(x) it is x · Wᵀ + (g - 1) ⊙ x' · Wᵀ + g ⊙ s · x' · Aᵀ · Bᵀ.
 */
import { loadAddon } from '../../tensor/load-addon.ts';
import { empty, type Tensor } from '../../tensor/tensor.ts';
import type { Tape, Variable } from '../tape.ts';
import type { Weight } from '../weight.ts';
import { biasRows, contributeBias, linearReference, product } from './linear.ts';
import { droppedInput, type LoraLinearOptions } from './lora-linear.ts';

export interface Decomposed extends Omit<LoraLinearOptions, 'b'> {
  /** [N, r] */
  readonly b: Variable;
  /** m [N] */
  readonly magnitude: Variable;
  /** m / ‖W + s·B·A‖ by row, f32 [N]. */
  readonly factor: Tensor;
  /** 1 / ‖W + s·B·A‖ */
  readonly inverse: Tensor;
}

/** x [T, K], frozen W [N, K]; returns [T, N]. Keeps one more [T, N] than plain LoRA for the gradient of m. */
export function doraLinear(tape: Tape, x: Variable, weight: Weight, { a, b, scale, bias, dropout, magnitude, factor, inverse }: Decomposed): Variable {
  const addon = loadAddon();
  const isDropped = dropout !== null && dropout.p > 0;
  const input = droppedInput(x.value, dropout);
  const { products } = tape;
  const direction = product(input, { weight, bias: null, products }); // x' · Wᵀ + s · x' · Aᵀ · Bᵀ
  const h = empty('f32', [x.value.rows, a.value.rows]); // s · x' · Aᵀ
  addon.gemm(h.id, input.id, a.value.id, { transposeB: true, alpha: scale });
  const y = isDropped ? product(x.value, { weight, bias, products }) : bias === null ? empty(x.value.dtype, direction.shape) : biasRows(bias, x.value);
  if (isDropped) addon.addScaled(y.id, y.id, direction.id, { alpha: 1, beta: -1 }); // (x - x') · Wᵀ + bias
  addon.gemm(direction.id, h.id, b.value.id, { transposeB: true, accumulate: true });
  addon.scaleColumns(y.id, direction.id, factor.id, isDropped || bias !== null ? y.id : none);
  return tape.record(y, {
    inputs: [x, a, b, magnitude, ...(bias === null ? [] : [bias])],
    saved: [x.value, h, direction, b.value, factor, inverse],
    backward: (dy) => {
      const sums = empty('f32', [weight.outputs]);
      addon.columnDots(sums.id, dy.id, direction.id);
      addon.multiply(sums.id, sums.id, inverse.id);
      magnitude.adopt(sums);
      contributeBias(bias, dy);
      const du = empty(dy.dtype, dy.shape); // g ⊙ dy
      addon.scaleColumns(du.id, dy.id, factor.id, none);
      const dh = empty('f32', h.shape); // s · du · B
      addon.gemm(dh.id, du.id, b.value.id, { alpha: scale });
      b.contribute((db, accumulate) => addon.gemm(db.id, du.id, h.id, { transposeA: true, accumulate }));
      a.contribute((da, accumulate) => addon.gemm(da.id, dh.id, droppedInput(x.value, dropout).id, { transposeA: true, accumulate }));
      const through = (dx: Tensor, gradient: Tensor, accumulate: boolean): void => weight.multiplyBack(dx, gradient, { products, accumulate });
      if (!isDropped) {
        x.contribute((dx, accumulate) => through(dx, du, accumulate));
        x.contribute((dx) => addon.gemm(dx.id, dh.id, a.value.id, { accumulate: true }));
      } else if (x.requiresGrad) {
        x.contribute((dx, accumulate) => through(dx, dy, accumulate));
        const part = empty(x.value.dtype, x.value.shape);
        addon.addScaled(du.id, du.id, dy.id, { alpha: 1, beta: -1 });
        through(part, du, false);
        addon.gemm(part.id, dh.id, a.value.id, { accumulate: true });
        addon.dropout(part.id, part.id, dropout);
        x.adopt(part);
      }
    },
  });
}

const none = 0 as Tensor['id'];

type Matrix = readonly (readonly number[])[];

/** In f64. `keep` is what each input is multiplied by: 1 without dropout. The norms are given, since no gradient flows through them. */
export function doraLinearReference(
  x: Matrix,
  { w, a, b, scale, m, norms, keep }: { w: Matrix; a: Matrix; b: Matrix; scale: number; m: readonly number[]; norms: readonly number[]; keep: Matrix },
): number[][] {
  const dropped = x.map((row, t) => row.map((value, k) => value * (keep[t]?.[k] ?? NaN)));
  const [base, kept, low] = [linearReference(x, w), linearReference(dropped, w), linearReference(linearReference(dropped, a), b)];
  return base.map((row, t) =>
    row.map((value, n) => {
      const g = (m[n] ?? NaN) / (norms[n] ?? NaN);
      return value + (g - 1) * (kept[t]?.[n] ?? NaN) + g * scale * (low[t]?.[n] ?? NaN);
    }),
  );
}
