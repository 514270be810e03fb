/** How a benchmark multiplies where it computes in f32: in halves, where that is faster. */
import type { LoadedModel } from '../inference/load-for-inference.ts';
import type { Products } from '../tensor/panels.ts';

/** Of a weight: two bf16. */
const BYTES = 4;
/** Of free memory that weights may be laid out in. */
const SHARE = 0.5;

/**
 * Only tiles multiply bf16 so much faster than f32 that three products for one are worth it. Weights are laid out once where memory allows it, else
 * at each product: the numbers are the same.
 */
export function chooseProducts({ model, dtype, isa }: Pick<LoadedModel, 'model' | 'dtype' | 'isa'>): Products {
  if (dtype !== 'f32' || isa !== 'amx') return 'float';
  const weights = [...model.linears.map(({ weight }) => weight), model.head];
  const bytes = weights.reduce((sum, { inputs, outputs }) => sum + BYTES * inputs * outputs, 0);
  if (bytes > SHARE * process.availableMemory()) return 'halves';
  for (const weight of weights) {
    weight.pack({ products: 'halves', inputType: 'f32' }, { forward: true, backward: false });
    model.weights.dropPages();
  }
  return 'halves';
}
