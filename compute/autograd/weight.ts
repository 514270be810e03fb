/** A matrix [outputs, inputs] that activations are multiplied by: frozen as it is stored, or trained. */
import { halve, packHalves, type Halves } from '../tensor/halves.ts';
import { packInt8Panels, packPanels, type Products } from '../tensor/panels.ts';
import type { GemmOptions } from '../tensor/addon.ts';
import type { FloatDType } from '../tensor/dtype.ts';
import { loadAddon } from '../tensor/load-addon.ts';
import { owned, scope, tagged, unscoped, type Tensor } from '../tensor/tensor.ts';
import { Variable } from './tape.ts';

export interface PackedAs {
  readonly products: Products;
  /** Type of the activations that will be multiplied. */
  readonly inputType: FloatDType;
}

export interface ProductOptions {
  readonly products: Products;
  readonly alpha?: number;
  readonly accumulate?: boolean;
  /** A product of low rank, in floats, that is added. */
  readonly low?: Required<Pick<GemmOptions, 'a2' | 'b2' | 'transposeB2'>>;
}

interface Panels extends PackedAs {
  readonly forward: Tensor | null;
  readonly backward: Tensor | null;
}

export class Weight {
  readonly variable: Variable;
  #panels: Panels | null = null;
  #halves: Halves | null = null;

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
    return this.#panels?.products === 'float' && this.#panels.forward !== null ? this.#panels.inputType : null;
  }

  /** What x · Wᵀ multiplies by in floats. */
  get forwardOperand(): Tensor {
    return this.#operand('forward', 'float');
  }

  /** y = alpha · x · Wᵀ, or y += … */
  multiply(y: Tensor, x: Tensor, { products, ...options }: ProductOptions): void {
    if (products === 'halves' && x.dtype === 'f32' && !this.variable.requiresGrad) return this.#multiplyHalves(y, x, options);
    this.#product([y, x], this.#operand('forward', products), { ...options, products, transposeB: true });
  }

  /** dx = alpha · dy · W, or dx += … */
  multiplyBack(dx: Tensor, dy: Tensor, { products, ...options }: ProductOptions): void {
    this.#product([dx, dy], this.#operand('backward', products), { ...options, products, transposeB: false });
  }

  /** The three products that count of four; without panels the halves of W are made each time. */
  #multiplyHalves(y: Tensor, x: Tensor, { low, accumulate = false, alpha = 1 }: Omit<ProductOptions, 'products'>): void {
    scope(() => {
      const addon = loadAddon();
      const [ofX, ofW] = [halve(x), this.#halves ?? halve(this.matrix)];
      const add = (a: Tensor, b: Tensor, onto: boolean): void => addon.gemm(y.id, a.id, b.id, { transposeB: true, alpha, accumulate: onto });
      add(ofX.low, ofW.high, accumulate);
      add(ofX.high, ofW.low, true);
      add(ofX.high, ofW.high, true);
      if (low !== undefined) addon.gemm(y.id, low.a2, low.b2, { transposeB: low.transposeB2, accumulate: true });
    });
  }

  #product([out, input]: readonly [Tensor, Tensor], operand: Tensor, { products, low, ...options }: ProductOptions & { readonly transposeB: boolean }): void {
    const addon = loadAddon();
    if (products !== 'int8' || this.variable.requiresGrad) return addon.gemm(out.id, input.id, operand.id, { ...options, ...low });
    addon.gemmInt8(out.id, input.id, operand.id, options);
    if (low !== undefined) addon.gemm(out.id, low.a2, low.b2, { transposeB: low.transposeB2, accumulate: true });
  }

  #operand(direction: 'forward' | 'backward', products: Products): Tensor {
    return (this.#panels?.products === products ? this.#panels[direction] : null) ?? this.matrix;
  }

  /** Trades memory for time: keeps the panels that products would otherwise lay out each time. Trained weights change, so they have none. */
  pack(as: PackedAs, directions: { readonly forward: boolean; readonly backward: boolean }): void {
    if (this.variable.requiresGrad || this.#panels !== null) return;
    const { products, inputType } = as;
    if (products === 'halves') {
      this.#halves ??= tagged('weight panels', () => owned(() => packHalves(this.matrix)));
      return;
    }
    const panels = (wanted: boolean, transposeB: boolean): Tensor | null => {
      if (!wanted) return null;
      const make = () => (products === 'int8' ? packInt8Panels(this.matrix, transposeB) : packPanels(this.matrix, { transposeB, inputType }));
      return tagged('weight panels', () => unscoped(make));
    };
    this.#panels = { ...as, forward: panels(directions.forward, true), backward: null };
    this.#panels = { ...this.#panels, backward: panels(directions.backward, false) };
  }

  /** Frees the panels. The matrix belongs to whoever loaded it. */
  dispose(): void {
    this.#panels?.forward?.release();
    this.#panels?.backward?.release();
    this.#panels = null;
    this.#halves?.high.release();
    this.#halves?.low.release();
    this.#halves = null;
  }
}
