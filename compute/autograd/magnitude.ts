/**
 * DoRA's magnitude of a frozen matrix (Liu et al. 2024): y = m / ‖W + s·B·A‖ ⊙ x (W + s·B·A)ᵀ with one trained m and one norm a row.
 * The norms follow the trained matrices but carry no gradient, and W is never widened as a whole:
 * ‖w + s·b·A‖² = ‖w‖² + 2s (w Aᵀ)·b + s² b (A Aᵀ) bᵀ, where ‖w‖² is measured once and W Aᵀ is one skinny product.
 */
import { loadAddon } from '../tensor/load-addon.ts';
import { convert, empty, fromFloats, rowsOf, scope, toFloats, type Tensor } from '../tensor/tensor.ts';
import { StackedWeight } from './stacked-weight.ts';
import { Parameter } from './tape.ts';
import type { Weight } from './weight.ts';

/** Rows of W that are widened together while ‖w‖² is measured. */
const BLOCK_ROWS = 64;
/** Below this share of what it is summed from, a squared norm has lost too many digits and its row is computed element by element. */
const CANCELLED = 0.05;

export interface MagnitudeParts {
  readonly weight: Weight;
  /** [r, K] */
  readonly a: Parameter;
  /** [N, r] */
  readonly b: Parameter;
  /** Of B·A. */
  readonly scale: number;
}

export class Magnitude {
  /** m [N, 1]; a fresh one is the norms themselves, so that the first output is the base model's. */
  readonly vector: Parameter;
  readonly #parts: MagnitudeParts;
  /** ‖w‖² of each row. */
  readonly #squares: Float64Array;
  /** m / norm and 1 / norm, f32 [N, 1]; 0 where the row is all zeros. */
  readonly #factor: Tensor;
  readonly #inverse: Tensor;
  /** Revisions of A, B and m that the factors were computed from. */
  #revisions = '';

  /** Its tensors are made in the scope that is open, so outside of any where they shall last. */
  constructor(vector: Parameter, parts: MagnitudeParts, squares = squaredRowNorms(parts.weight.matrix)) {
    this.vector = vector;
    this.#parts = parts;
    this.#squares = squares;
    this.#factor = empty('f32', [squares.length, 1]);
    try {
      this.#inverse = empty('f32', [squares.length, 1]);
    } catch (error) {
      this.#factor.release();
      throw error;
    }
  }

  /** `values`: m of an adapter that goes on; null: a fresh one. */
  static make(name: string, parts: MagnitudeParts, values: Float32Array | null): Magnitude {
    const squares = squaredRowNorms(parts.weight.matrix);
    const start = values ?? Float32Array.from(rowNorms(parts, squares));
    const vector = new Parameter(name, fromFloats(start, [start.length, 1]));
    try {
      return new Magnitude(vector, parts, squares);
    } catch (error) {
      vector.dispose();
      throw error;
    }
  }

  /** m / norm and 1 / norm as the parameters are now. */
  factors(): { readonly factor: Tensor; readonly inverse: Tensor } {
    const { a, b } = this.#parts;
    const revisions = [a, b, this.vector].map(({ revision }) => revision).join();
    if (revisions !== this.#revisions) {
      const norms = rowNorms(this.#parts, this.#squares);
      const m = toFloats(this.vector.value);
      loadAddon().write(this.#factor.id, magnitudeFactors(m, norms), 0);
      loadAddon().write(
        this.#inverse.id,
        Float32Array.from(norms, (norm) => (norm === 0 ? 0 : 1 / norm)),
        0,
      );
      this.#revisions = revisions;
    }
    return { factor: this.#factor, inverse: this.#inverse };
  }

  dispose(): void {
    [this.#factor, this.#inverse].forEach((tensor) => tensor.release());
    this.vector.dispose();
  }
}

/** m / norm, the norm rounded to f32 first as m was: exactly 1 where m is the norm. A row of zeros stays one. */
export const magnitudeFactors = (m: Float32Array, norms: Float64Array): Float32Array =>
  m.map((value, n) => (norms[n] === 0 ? 0 : value / Math.fround(norms[n] ?? NaN)));

function squaredRowNorms(matrix: Tensor): Float64Array {
  const squares = new Float64Array(matrix.rows);
  for (let from = 0; from < squares.length; from += BLOCK_ROWS) {
    scope(() => {
      const block = convert(rowsOf(matrix, from, Math.min(squares.length, from + BLOCK_ROWS)), 'f32');
      for (let row = 0; row < block.rows; row += 1) squares[from + row] = loadAddon().sumOfSquares(rowsOf(block, row, row + 1).id);
    });
  }
  return squares;
}

/** ‖w + s·b·A‖ of each row. */
function rowNorms(parts: MagnitudeParts, squares: Float64Array): Float64Array {
  const { a, b, scale } = parts;
  const rank = a.value.rows;
  const { across, around } = products(parts);
  const values = toFloats(b.value);
  return squares.map((square, n) => {
    let [cross, quadratic] = [0, 0];
    for (let r = 0; r < rank; r += 1) {
      const factor = values[n * rank + r] ?? NaN;
      cross += (across[n * rank + r] ?? NaN) * factor;
      quadratic += (around[n * rank + r] ?? NaN) * factor;
    }
    const total = square + 2 * scale * cross + scale * scale * quadratic;
    const parted = square + scale * scale * quadratic;
    return Math.sqrt(total < CANCELLED * parted ? exactSquare(parts, values, n) : total);
  });
}

/** A Wᵀ, the r values of each row of W one after another, and B (A Aᵀ) [N, r]. */
function products({ weight, a, b }: MagnitudeParts): { across: Float32Array; around: Float32Array } {
  const addon = loadAddon();
  const rank = a.value.rows;
  return scope(() => {
    const across = (weight instanceof StackedWeight ? weight.parts : [weight]).map((part) => toFloats(throughPanels(a.value, part)));
    const gram = empty('f32', [rank, rank]);
    addon.gemm(gram.id, a.value.id, a.value.id, { transposeB: true });
    const around = empty('f32', [weight.outputs, rank]);
    addon.gemm(around.id, b.value.id, gram.id, {});
    return { across: byRow(across, rank), around: toFloats(around) };
  });
}

/** A Wᵀ [r, N], by the panels where the weight has them: the file's pages need not come back for it. */
function throughPanels(a: Tensor, weight: Weight): Tensor {
  const out = empty('f32', [a.rows, weight.outputs]);
  const input = weight.panelInput === 'bf16' ? convert(a, 'bf16') : a;
  loadAddon().gemm(out.id, input.id, weight.forwardOperand.id, { transposeB: true });
  return out;
}

/** Matrices [r, n1], [r, n2] … as one [n1 + n2 …, r]. */
function byRow(matrices: readonly Float32Array[], rank: number): Float32Array {
  const rows = matrices.flatMap((matrix) => {
    const count = matrix.length / rank;
    return Array.from({ length: count }, (_, n) => Float32Array.from({ length: rank }, (_r, r) => matrix[r * count + n] ?? NaN));
  });
  const joined = new Float32Array(rows.length * rank);
  rows.forEach((row, n) => joined.set(row, n * rank));
  return joined;
}

/** One row, element by element in f64. */
function exactSquare({ weight, a, scale }: MagnitudeParts, b: Float32Array, n: number): number {
  return scope(() => {
    const row = toFloats(convert(rowsOf(weight.matrix, n, n + 1), 'f32'));
    const values = toFloats(a.value);
    const rank = a.value.rows;
    return row.reduce((sum, w, k) => {
      let value = w;
      for (let r = 0; r < rank; r += 1) value += scale * (b[n * rank + r] ?? NaN) * (values[r * row.length + k] ?? NaN);
      return sum + value * value;
    }, 0);
  });
}
