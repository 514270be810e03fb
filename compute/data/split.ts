/**
 * Divides the rows into training and holdout by the rows' own digests: the same row lands on the same side whatever its place in the
 * file and (but for the few at the border) whatever is added to it, and equal rows land on the same side.
 */
import { createHash } from 'node:crypto';

interface RowDigests {
  readonly rows: number;
  digest(row: number): bigint;
}

export interface SplitOptions {
  /** Share of the rows held out, 0 to 1. */
  readonly fraction: number;
  readonly seed: number;
}

export interface Split {
  /** Row numbers in the file's order. */
  readonly train: Uint32Array;
  readonly holdout: Uint32Array;
}

function rankOf(seed: number, digest: bigint): bigint {
  const bytes = Buffer.alloc(16);
  bytes.writeDoubleLE(seed, 0);
  bytes.writeBigUInt64LE(digest, 8);
  return createHash('sha256').update(bytes).digest().readBigUInt64LE();
}

/** At least one row stays on each side if there are two and a fraction is asked for. */
export function splitRows(source: RowDigests, { fraction, seed }: SplitOptions): Split {
  const { rows } = source;
  const wanted = fraction > 0 && rows > 1 ? Math.min(rows - 1, Math.max(1, Math.round(rows * fraction))) : 0;
  const ranks = new BigUint64Array(rows);
  for (let row = 0; row < rows; row += 1) ranks[row] = rankOf(seed, source.digest(row));
  // Rows below the border's rank are held out: equal rows have equal ranks, so the border never parts them.
  const border = ranks.toSorted()[wanted] ?? 0n;
  const train: number[] = [];
  const holdout: number[] = [];
  for (let row = 0; row < rows; row += 1) (wanted > 0 && (ranks[row] ?? 0n) < border ? holdout : train).push(row);
  return { train: Uint32Array.from(train), holdout: Uint32Array.from(holdout) };
}
