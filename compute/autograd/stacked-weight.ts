/** A matrix that is several below one another, such as q, k and v in one: its parts are multiplied and packed one by one, without a copy. */
import { loadAddon } from '../tensor/load-addon.ts';
import { rowsOf, scope, unscoped, type Tensor } from '../tensor/tensor.ts';
import { Variable } from './tape.ts';
import { Weight } from './weight.ts';

/** Rows [from, to) of a matrix as a variable of their own: the value is a view, and what flows to it flows to the whole's gradient. */
export class RowsOfVariable extends Variable {
  readonly #whole: Variable;
  readonly #from: number;
  readonly #to: number;

  /** The view belongs to the scope this is made in. */
  constructor(whole: Variable, from: number, to: number) {
    super(rowsOf(whole.value, from, to), whole.requiresGrad);
    this.#whole = whole;
    this.#from = from;
    this.#to = to;
  }

  override contribute(kernel: (grad: Tensor, accumulate: boolean) => void): void {
    this.#whole.contribute((grad, accumulate) => {
      if (!accumulate) loadAddon().fill(grad.id, 0); // the other rows' share is still to come
      scope(() => kernel(rowsOf(grad, this.#from, this.#to), true));
    });
  }

  override adopt(part: Tensor): void {
    this.contribute((grad) => loadAddon().addScaled(grad.id, grad.id, part.id, { alpha: 1, beta: 1 }));
  }
}

export class StackedWeight extends Weight {
  /** From top to bottom. */
  readonly parts: readonly Weight[];

  /** `rows`: how many each part has; together all of the matrix. */
  constructor(variable: Variable, rows: readonly number[]) {
    super(variable);
    const total = rows.reduce((sum, count) => sum + count, 0);
    if (total !== this.outputs) throw new Error(`parts of ${rows.join(' + ')} rows in a matrix of ${this.outputs}`);
    let from = 0;
    this.parts = unscoped(() => rows.map((count) => new Weight(new RowsOfVariable(variable, from, (from += count)))));
  }

  override pack(...choice: Parameters<Weight['pack']>): void {
    this.parts.forEach((part) => part.pack(...choice));
  }

  override dispose(): void {
    super.dispose();
    for (const part of this.parts) {
      part.dispose();
      part.matrix.release();
    }
  }
}
