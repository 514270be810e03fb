/**
 * Rotary position embedding (Su et al. 2021): every pair of a head's values is turned by position · inverseFrequency[i].
 * 'half' pairs (i, i + D/2) as Hugging Face does; 'interleaved' pairs (2i, 2i + 1) as llama GGUF files are permuted for.
 */
import { loadAddon } from '../../tensor/load-addon.ts';
import { empty, type Tensor } from '../../tensor/tensor.ts';
import type { Tape, Variable } from '../tape.ts';

export type RopeLayout = 'half' | 'interleaved';

export interface RopeOptions {
  /** f32, half as many as a head has rotated values. */
  readonly inverseFrequency: Tensor;
  readonly headSize: number;
  readonly layout: RopeLayout;
  /** Factor on cos and sin (long rope's attention factor); 1 for all others. */
  readonly scale: number;
}

/** x [T, heads·D], positions i32 [T]; returns [T, heads·D]. */
export function rope(tape: Tape, x: Variable, positions: Tensor, { inverseFrequency, headSize, layout, scale }: RopeOptions): Variable {
  const rotate = (out: Tensor, input: Tensor, inverse: boolean): void =>
    loadAddon().rope(out.id, input.id, positions.id, {
      inverseFrequency: inverseFrequency.id,
      headSize,
      interleaved: layout === 'interleaved',
      inverse,
      scale,
    });
  const y = empty(x.value.dtype, x.value.shape);
  rotate(y, x.value, false);
  return tape.record(y, {
    inputs: [x],
    saved: [positions, inverseFrequency],
    backward: (dy) => x.contributeWritten((dx) => rotate(dx, dy, true)),
  });
}

/** One head at one position; values beyond the turned ones stay. */
export function ropeReference(
  x: readonly number[],
  position: number,
  inverseFrequency: readonly number[],
  { layout, scale = 1 }: { readonly layout: RopeLayout; readonly scale?: number },
): number[] {
  const half = inverseFrequency.length;
  const y = [...x];
  for (let i = 0; i < half; i++) {
    const [first, second] = layout === 'half' ? [i, i + half] : [2 * i, 2 * i + 1];
    const angle = position * (inverseFrequency[i] ?? NaN);
    const [a, b] = [scale * (x[first] ?? NaN), scale * (x[second] ?? NaN)];
    y[first] = a * Math.cos(angle) - b * Math.sin(angle);
    y[second] = a * Math.sin(angle) + b * Math.cos(angle);
  }
  return y;
}
