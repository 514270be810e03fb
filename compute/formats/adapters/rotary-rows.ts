/**
 * Reorders the rows of q and k between the two layouts of rope. Within a head of D rows, `half` pairs row i with i + D/2, `interleaved`
 * pairs 2i with 2i + 1: interleaved[2i + s] = half[s·D/2 + i].
 */
import { AppError } from '../../../shared/errors/app-error.ts';
import type { RopeLayout } from '../model-source.ts';
import { leafName, type AdapterTensors, type LoraMatrices } from './adapter-tensors.ts';

export type RotaryDirection = 'toInterleaved' | 'toHalf';

/** How many heads q and k have; all that the reordering needs to know of a model. */
export interface RotaryHeads {
  readonly query: number;
  readonly keyValue: number;
}

/** A copy of a row-major matrix of `heads` heads with its rows in the other order. A vector (a bias) is a matrix of one column. */
export function permuteRotaryRows(matrix: Float32Array, shape: { readonly rows: number; readonly heads: number }, direction: RotaryDirection): Float32Array {
  const { rows, heads } = shape;
  const headRows = rows / heads;
  if (!Number.isInteger(headRows / 2)) throw new Error(`${String(rows)} rows are no ${String(heads)} heads of even size`);
  const columns = matrix.length / rows;
  const result = new Float32Array(matrix.length);
  for (let row = 0; row < rows; row++) {
    const within = row % headRows;
    const other = row - within + (within % 2) * (headRows / 2) + (within >> 1);
    const [from, to] = direction === 'toInterleaved' ? [other, row] : [row, other];
    result.set(matrix.subarray(from * columns, (from + 1) * columns), to * columns);
  }
  return result;
}

/** The number of heads whose rows rope pairs in this module or weight, or null if rope does not touch it. */
export function rotaryHeadsOf(module: string, heads: RotaryHeads): number | null {
  if (!module.includes('.self_attn.')) return null;
  const leaf = leafName(module.replace(/\.(weight|bias)$/, ''));
  return leaf === 'q_proj' ? heads.query : leaf === 'k_proj' ? heads.keyValue : null;
}

/** Head counts from a normalised config. */
export function rotaryHeads(config: Readonly<Record<string, unknown>>): RotaryHeads {
  return { query: Number(config['num_attention_heads']), keyValue: Number(config['num_key_value_heads']) };
}

/** The adapter with B's rows, and the magnitude's, in the order of `layout`; itself if they already are. */
export function withRopeLayout(adapter: AdapterTensors, layout: RopeLayout, heads: RotaryHeads): AdapterTensors {
  if (adapter.ropeLayout === layout) return adapter;
  const direction: RotaryDirection = layout === 'interleaved' ? 'toInterleaved' : 'toHalf';
  const convert = (module: string, matrices: LoraMatrices): LoraMatrices => {
    const count = rotaryHeadsOf(module, heads);
    if (count === null) return matrices;
    const { outFeatures: rows } = matrices;
    if (rows % (2 * count) !== 0) {
      throw new AppError('ADAPTER_MISMATCH', { path: module, problem: `its ${String(rows)} rows are no ${String(count)} heads`, base: adapter.baseModelName });
    }
    const turned = (values: Float32Array): Float32Array => permuteRotaryRows(values, { rows, heads: count }, direction);
    const { b, magnitude } = matrices;
    return { ...matrices, b: turned(b), ...(magnitude === undefined ? {} : { magnitude: turned(magnitude) }) };
  };
  return { ...adapter, ropeLayout: layout, matrices: new Map([...adapter.matrices].map(([module, matrices]) => [module, convert(module, matrices)])) };
}
