/**
 * Where merged numbers come from: W + scale · B·A, with DoRA's magnitude each row of it brought to its length. They are asked for in
 * blocks of rows, so that no large matrix is ever held whole.
 */
import { byteLength } from '../../tensor/dtype.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { adapterScale, type AdapterTensors, type LoraMatrices } from '../adapters/adapter-tensors.ts';
import type { ModelSource, WeightEntry } from '../model-source.ts';
import { PositionedFile } from '../positioned-file.ts';
import { dequantise } from '../quants/dequantise.ts';

export interface MergedWeights {
  /** Rows `from` to `to` (excluded) of a weight, row-major float32, in the row order and with the shift of the source. A vector counts as rows of one number. */
  rows(weight: WeightEntry, from: number, to: number): Float32Array | Promise<Float32Array>;
}

/** Numbers in one row. */
export const columnsOf = ({ shape }: WeightEntry): number => shape.slice(1).reduce((product, size) => product * size, 1);

/** The plain way: read, dequantise, add. `adapter` null gives the base's own numbers. The adapter must have the source's rope layout. */
export function plainMergedWeights(source: ModelSource, adapter: AdapterTensors | null): MergedWeights {
  if (adapter !== null && adapter.ropeLayout !== source.ropeLayout) throw new Error('the adapter has another rope layout than its base');
  for (const module of adapter?.matrices.keys() ?? []) {
    if (source.weights.has(`${module}.weight`)) continue;
    throw new AppError('ADAPTER_MISMATCH', { path: source.path, problem: `the model has no ${module}`, base: adapter?.baseModelName ?? '' });
  }
  return {
    rows(weight, from, to) {
      const values = baseRows(weight, from, to);
      const matrices = adapter?.matrices.get(weight.name.replace(/\.weight$/, ''));
      if (adapter === null || matrices === undefined) return values;
      addProduct(values, matrices, { from, to, scale: adapterScale(adapter, matrices) });
      if (matrices.magnitude !== undefined) setLengths(values, matrices.magnitude.subarray(from, to));
      return values;
    },
  };
}

function baseRows(weight: WeightEntry, from: number, to: number): Float32Array {
  if (weight.dtype === 'i32') throw new Error(`${weight.name} holds whole numbers`);
  const columns = columnsOf(weight);
  const before = byteLength(weight.dtype, [from, columns]);
  using file = new PositionedFile(weight.path, 'Model');
  const bytes = file.read(weight.offset + before, byteLength(weight.dtype, [to - from, columns]));
  const values = dequantise(weight.dtype, bytes);
  if (values.length !== (to - from) * columns) throw new AppError('MODEL_INVALID', { path: weight.path, problem: `it ends within ${weight.name}` });
  return values;
}

/** values[row, :] += scale · Σ_r B[row, r] A[r, :] */
function addProduct(values: Float32Array, { a, b, rank, inFeatures }: LoraMatrices, { from, to, scale }: { from: number; to: number; scale: number }): void {
  const sum = new Float64Array(inFeatures);
  for (let row = from; row < to; row++) {
    sum.fill(0);
    for (let r = 0; r < rank; r++) {
      const factor = scale * (b[row * rank + r] ?? 0);
      const start = r * inFeatures;
      for (let column = 0; column < inFeatures; column++) sum[column] = (sum[column] ?? 0) + factor * (a[start + column] ?? 0);
    }
    const start = (row - from) * inFeatures;
    for (let column = 0; column < inFeatures; column++) values[start + column] = (values[start + column] ?? 0) + (sum[column] ?? 0);
  }
}

/** values[row, :] · m[row] / ‖values[row, :]‖; a row of zeros stays one. */
function setLengths(values: Float32Array, magnitude: Float32Array): void {
  const columns = values.length / magnitude.length;
  magnitude.forEach((length, row) => {
    const vector = values.subarray(row * columns, (row + 1) * columns);
    const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    if (norm > 0) vector.set(vector.map((value) => (value * length) / norm));
  });
}
