/** Weights re-laid once into the cache-sized panels of the matrix product they will serve. */
import { dtypes, type FloatDType } from './dtype.ts';
import { loadAddon } from './load-addon.ts';
import { allocationTag, Tensor } from './tensor.ts';

/**
 * What products with frozen weights are computed in: floats (the activations' type, where the machine multiplies it), or 8-bit whole
 * numbers, which are faster and about a percent off; or halves (halves.ts), nearly f32 at bf16's speed, for scoring. Trained weights are always
 * multiplied in floats.
 */
export type Products = 'float' | 'int8' | 'halves';

export interface PanelUse {
  /** true: y = x · Wᵀ (forward); false: dx = dy · W (backward). */
  readonly transposeB: boolean;
  /** Type of the activations that will be multiplied. */
  readonly inputType: FloatDType;
}

/** Panels of a frozen matrix. Only matrix products read the result. */
export function packPanels(matrix: Tensor, { transposeB, inputType }: PanelUse): Tensor {
  const id = loadAddon().gemmPack(matrix.id, { transposeB, inputType: dtypes[inputType].id, tag: allocationTag() });
  return new Tensor(id, inputType, matrix.shape);
}

/** The same for int8 products: rounded to bytes with a scale for every 64 of a row (x · Wᵀ, transposeB) or of a column (dy · W). */
export function packInt8Panels(matrix: Tensor, transposeB: boolean): Tensor {
  return new Tensor(loadAddon().gemmInt8Pack(matrix.id, { transposeB, tag: allocationTag() }), 'f32', matrix.shape);
}

export const packedBytes = (matrix: Tensor, { transposeB, inputType }: PanelUse): number =>
  loadAddon().gemmPackedBytes(matrix.id, { transposeB, inputType: dtypes[inputType].id });
