/** A matrix [outputs, inputs] that activations are multiplied by: frozen as it is stored, or trained. */
import { packPanels } from '../tensor/panels.ts';
import type { FloatDType } from '../tensor/dtype.ts';
import { tagged, unscoped, type Tensor } from '../tensor/tensor.ts';
import { Variable } from './tape.ts';

export class Weight {
  readonly variable: Variable;
  #forwardPanels: Tensor | null = null;
  #backwardPanels: Tensor | null = null;
  #panelInput: FloatDType | null = null;

  constructor(variable: Variable) {
    this.variable = variable;
  }

  static frozen(matrix: Tensor): Weight {
    return new Weight(new Variable(matrix, false));
  }

  get matrix(): Tensor {
    return this.variable.value;
  }

  get outputs(): number {
    return this.matrix.rows;
  }

  get inputs(): number {
    return this.matrix.columns;
  }

  /** The only type of x that `forwardOperand` can be multiplied by; null: any. */
  get panelInput(): FloatDType | null {
    return this.#forwardPanels === null ? null : this.#panelInput;
  }

  /** What x · Wᵀ multiplies by. */
  get forwardOperand(): Tensor {
    return this.#forwardPanels ?? this.matrix;
  }

  /** What dy · W multiplies by. */
  get backwardOperand(): Tensor {
    return this.#backwardPanels ?? this.matrix;
  }

  /** Trades memory for time: keeps the panels that products would otherwise lay out each time. Trained weights change, so they have none. */
  pack(inputType: FloatDType, directions: { readonly forward: boolean; readonly backward: boolean }): void {
    if (this.variable.requiresGrad) return;
    const panels = (transposeB: boolean): Tensor => tagged('weight panels', () => unscoped(() => packPanels(this.matrix, { transposeB, inputType })));
    this.#panelInput = inputType;
    if (directions.forward) this.#forwardPanels ??= panels(true);
    if (directions.backward) this.#backwardPanels ??= panels(false);
  }

  /** Frees the panels. The matrix belongs to whoever loaded it. */
  dispose(): void {
    this.#forwardPanels?.release();
    this.#backwardPanels?.release();
    this.#forwardPanels = this.#backwardPanels = null;
  }
}
