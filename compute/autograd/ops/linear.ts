/** y = x · Wᵀ + b. The gradients of W and b are computed only where they are trained. */
import { loadAddon } from '../../tensor/load-addon.ts';
import { empty, fromInts, reshape, type Tensor } from '../../tensor/tensor.ts';
import type { Tape, Variable } from '../tape.ts';
import type { ProductOptions, Weight } from '../weight.ts';

/** x [T, K], W [N, K], b [N] or null; returns [T, N]. */
export function linear(tape: Tape, x: Variable, weight: Weight, bias: Variable | null = null): Variable {
  const { products } = tape;
  return tape.record(product(x.value, { weight, bias, products }), {
    inputs: [x, weight.variable, ...(bias === null ? [] : [bias])],
    saved: weight.variable.requiresGrad ? [x.value] : [],
    backward: (dy) => {
      x.contribute((dx, accumulate) => weight.multiplyBack(dx, dy, { products, accumulate }));
      contributeWeight(weight, dy, x.value);
      contributeBias(bias, dy);
    },
  });
}

export interface Projection extends Pick<ProductOptions, 'products' | 'low'> {
  readonly weight: Weight;
  readonly bias: Variable | null;
}

/** x · Wᵀ + b: b is laid down first, and the product, with the one of low rank where there is one, is added to it in f32. */
export function product(x: Tensor, { weight, bias, ...options }: Projection): Tensor {
  const y = bias === null ? empty(x.dtype, [x.rows, weight.outputs]) : biasRows(bias, x);
  weight.multiply(y, x, { ...options, accumulate: bias !== null });
  return y;
}

/** The bias once for each row of x, in x's type: [T, N]. */
export function biasRows({ value }: Variable, x: Tensor): Tensor {
  const y = empty(x.dtype, [x.rows, value.columns]);
  loadAddon().embeddingForward(y.id, asRow(value).id, everyRow(x.rows).id, { scale: 1 });
  return y;
}

/** dW += dyᵀ · x */
export function contributeWeight(weight: Weight, dy: Tensor, x: Tensor): void {
  weight.variable.contribute((dw, accumulate) => loadAddon().gemm(dw.id, dy.id, x.id, { transposeA: true, accumulate }));
}

/** db += the sum of dy's rows. A bias is trained as a Parameter, so its gradient is there and is added to. */
export function contributeBias(bias: Variable | null, dy: Tensor): void {
  bias?.contribute((db) => loadAddon().embeddingBackward(asRow(db).id, dy.id, everyRow(dy.rows).id, { scale: 1 }));
}

/** A vector as a table of one row, and the ids that look that row up `rows` times. */
const asRow = (vector: Tensor): Tensor => reshape(vector, [1, vector.columns]);
const everyRow = (rows: number): Tensor => fromInts(new Int32Array(rows));

export const linearReference = (x: readonly (readonly number[])[], w: readonly (readonly number[])[], b: readonly number[] = []): number[][] =>
  x.map((row) => w.map((column, n) => row.reduce((sum, value, k) => sum + value * (column[k] ?? NaN), b[n] ?? 0)));
