/** One merged weight as a tensor to write: asked for in blocks, its q and k rows and its norms brought into the target's form, quantised. */
import { permuteRotaryRows, rotaryHeads, rotaryHeadsOf } from '../adapters/rotary-rows.ts';
import type { ModelSource, RopeLayout, WeightEntry, WeightForm } from '../model-source.ts';
import { quantise, type WritableDType } from '../quants/quantise.ts';
import type { TensorToWrite } from '../tensor-to-write.ts';
import { columnsOf, type MergedWeights } from './merged-weights.ts';

interface MergedTensor<T extends WritableDType> {
  readonly source: ModelSource;
  readonly weights: MergedWeights;
  readonly weight: WeightEntry;
  /** Under this name. */
  readonly name: string;
  readonly dtype: T;
  /** Order of q's and k's rows in the file. */
  readonly layout: RopeLayout;
  /** What the file adds to Hugging Face's numbers, if anything. */
  readonly shift?: number;
  /** How the file holds a number, if not as it is. */
  readonly form?: WeightForm;
  /** The shape there; absent: the weight's own. */
  readonly shape?: readonly number[];
  /** The rows of one of so many equal parts; absent: all. */
  readonly part?: { readonly index: number; readonly of: number };
}

/** Numbers held at a time. */
const blockElements = 1 << 20;

export function mergedTensor<T extends WritableDType>(wanted: MergedTensor<T>): TensorToWrite<T> {
  const { source, weights, weight, name, dtype, layout, shift = 0, part = { index: 0, of: 1 } } = wanted;
  const rows = (weight.shape[0] ?? 1) / part.of;
  const first = rows * part.index;
  const heads = layout === source.ropeLayout ? null : rotaryHeadsOf(weight.name, rotaryHeads(source.config));
  const direction = layout === 'interleaved' ? 'toInterleaved' : 'toHalf';
  // Whole heads at a time where their rows change places; a vector in one piece.
  const unit = heads === null ? 1 : rows / heads;
  const step = weight.shape.length === 1 ? rows : Math.max(1, Math.floor(blockElements / (columnsOf(weight) * unit))) * unit;
  const added = shift - (weight.shift ?? 0);
  const changed = changeOfForm(weight.form, wanted.form);
  async function* data(): AsyncGenerator<Uint8Array> {
    for (let from = 0; from < rows; from += step) {
      const to = Math.min(rows, from + step);
      const rowsOfSource = await weights.rows(weight, first + from, first + to);
      const values = changed(added === 0 ? rowsOfSource : rowsOfSource.map((value) => value + added));
      yield quantise(dtype, heads === null ? values : permuteRotaryRows(values, { rows: to - from, heads: (to - from) / unit }, direction));
    }
  }
  return { name, dtype, shape: wanted.shape ?? [rows, ...weight.shape.slice(1)], data };
}

function changeOfForm(from: WeightForm | undefined, to: WeightForm | undefined): (values: Float32Array) => Float32Array {
  if (from === to) return (values) => values;
  return to === 'negative exponential' ? (values) => values.map((value) => -Math.exp(value)) : (values) => values.map((value) => Math.log(-value));
}
