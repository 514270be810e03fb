/**
 * Gives out the rows of each optimizer step. The loader keeps no state of its own: a position is plain data, and the batch at a position
 * depends on it, the seed and the rows alone, so a resumed run reads what an uninterrupted one would have.
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { countGraded } from './layout-rows.ts';
import type { LoaderPosition, RenderedRow, StepBatch } from './types.ts';

export interface RowSource {
  readonly rows: number;
  read(row: number): RenderedRow;
}

export interface LoaderOptions {
  readonly cache: RowSource;
  /** Which rows of the cache to give out. Default all. */
  readonly indices?: Uint32Array;
  readonly batchSize: number;
  /** Batches that make up one optimizer step. */
  readonly accumulation: number;
  readonly seed: number;
  /** A new order every epoch. Default true; else the order of `indices`. */
  readonly shuffle?: boolean;
}

export interface Loader {
  readonly rows: number;
  /** batch_size x accumulation. */
  readonly rowsPerStep: number;
  readonly stepsPerEpoch: number;
  /** The step at a position; the last one of an epoch may have fewer rows. */
  read(position: LoaderPosition): StepBatch;
  /** Where the step of this number begins, from 0. */
  positionOf(step: number): LoaderPosition;
}

export const loaderStart: LoaderPosition = { epoch: 0, row: 0 };

/** Fisher and Yates over a generator that the seed and the epoch fix. */
export function shuffled(indices: Uint32Array, seed: number, epoch: number): Uint32Array {
  const order = indices.slice();
  // Neighbouring seeds and epochs must not give related orders, so the two are mixed with odd constants first.
  const generator = xoroshiro128plus(Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(epoch + 1, 0x85ebca6b));
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = uniformInt(generator, 0, i);
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }
  return order;
}

export function createLoader({ cache, indices, batchSize, accumulation, seed, shuffle = true }: LoaderOptions): Loader {
  const all = indices ?? Uint32Array.from({ length: cache.rows }, (_, row) => row);
  const rowsPerStep = batchSize * accumulation;
  const stepsPerEpoch = Math.ceil(all.length / rowsPerStep);
  let known: { epoch: number; order: Uint32Array } | null = null;
  const orderOf = (epoch: number): Uint32Array => {
    if (known?.epoch !== epoch) known = { epoch, order: shuffle ? shuffled(all, seed, epoch) : all };
    return known.order;
  };
  return {
    rows: all.length,
    rowsPerStep,
    stepsPerEpoch,
    read({ epoch, row }) {
      const order = orderOf(epoch);
      const end = Math.min(order.length, row + rowsPerStep);
      const rows = Array.from(order.subarray(row, end), (index) => cache.read(index));
      const gradedTokens = rows.reduce((sum, each) => sum + countGraded(each), 0);
      return { rows, gradedTokens, next: end >= order.length ? { epoch: epoch + 1, row: 0 } : { epoch, row: end } };
    },
    positionOf(step) {
      const epoch = stepsPerEpoch === 0 ? 0 : Math.floor(step / stepsPerEpoch);
      return { epoch, row: (step - epoch * stepsPerEpoch) * rowsPerStep };
    },
  };
}
