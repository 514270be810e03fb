/** Weights re-laid once into the cache-sized panels of the matrix product they will serve. */
import { dtypes, type FloatDType } from './dtype.ts';
import { loadAddon } from './load-addon.ts';
import { allocationTag, Tensor } from './tensor.ts';

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

export const packedBytes = (matrix: Tensor, { transposeB, inputType }: PanelUse): number =>
  loadAddon().gemmPackedBytes(matrix.id, { transposeB, inputType: dtypes[inputType].id });
