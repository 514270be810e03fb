/** The heaviest micro-batch that a run will meet: what its memory is planned for. */
import { groupRows } from '../data/layout-rows.ts';
import { shuffled } from '../data/loader.ts';
import type { MicroBatchShape } from './memory-plan.ts';
import type { RunData } from './run-data.ts';

/** Orders looked at; later epochs of a longer run are like these. */
const EPOCHS = 20;

export interface MicroBatchOptions {
  readonly packing: boolean;
  readonly microTokens: number;
  /** Optimizer steps of the run: rows that come after them weigh nothing. */
  readonly steps: number;
  readonly seed: number;
}

export function heaviestMicroBatch(
  { loader, trainRows, lengthOf, holdout, report }: RunData,
  { packing, microTokens, steps, seed }: MicroBatchOptions,
): MicroBatchShape {
  const shape = { tokens: 0, longestRow: 1 };
  const take = (rows: readonly { readonly tokens: { readonly length: number } }[]): void => {
    for (const group of groupRows(rows, { packing, microTokens })) {
      shape.tokens = Math.max(
        shape.tokens,
        group.reduce((sum, { tokens }) => sum + tokens.length, 0),
      );
    }
  };
  const stepsSeen = Math.min(steps, EPOCHS * loader.stepsPerEpoch);
  for (let step = 0, epoch = 0; step < stepsSeen; epoch += 1) {
    const order = shuffled(trainRows, seed, epoch);
    for (let from = 0; from < order.length && step < stepsSeen; from += loader.rowsPerStep, step += 1) {
      const rows = Array.from(order.subarray(from, from + loader.rowsPerStep), (row) => ({ tokens: { length: lengthOf(row) } }));
      shape.longestRow = rows.reduce((longest, { tokens }) => Math.max(longest, tokens.length), shape.longestRow);
      take(rows);
    }
  }
  take(holdout);
  const gradedShare = report.tokens === 0 ? 1 : report.gradedTokens / report.tokens;
  const gradedTokens = Math.min(shape.tokens, Math.ceil(shape.tokens * gradedShare * 1.5));
  return { ...shape, gradedTokens };
}
