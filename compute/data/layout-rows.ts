/**
 * Lays the rows of a step out as micro-batches. Packed: rows end to end without padding, as many as fit; attention stays inside a row
 * and positions begin anew, so nothing changes but the cost. Not packed: a row each, padded to the longest.
 */
import { notGraded, type PackedRows, type RenderedRow } from './types.ts';

export interface LayoutOptions {
  readonly packing: boolean;
  /** Packed: most tokens in a micro-batch; a longer row gets one of its own. Default: all rows in one. */
  readonly microTokens?: number;
  /** Token that fills padding; its label is never graded. */
  readonly padId: number;
}

/** How many tokens of a row can be learnt: those that something comes before. */
export function countGraded({ graded }: RenderedRow): number {
  let count = 0;
  for (let i = 1; i < graded.length; i += 1) count += graded[i] ?? 0;
  return count;
}

/** Runs of rows that fit together, in order. */
export function groupRows<Row extends { readonly tokens: { readonly length: number } }>(
  rows: readonly Row[],
  { packing, microTokens = Infinity }: Omit<LayoutOptions, 'padId'>,
): Row[][] {
  if (!packing) return rows.map((row) => [row]);
  const groups: Row[][] = [];
  let room = 0;
  for (const row of rows) {
    const length = row.tokens.length;
    const last = groups.at(-1);
    if (last !== undefined && length <= room) {
      last.push(row);
      room -= length;
    } else {
      groups.push([row]);
      room = microTokens - length;
    }
  }
  return groups;
}

function pack(rows: readonly RenderedRow[], total: number, padId: number): PackedRows {
  const tokens = new Int32Array(total).fill(padId); // [T]
  const labels = new Int32Array(total).fill(notGraded); // [T]
  const positions = new Int32Array(total); // [T]
  const segments = new Int32Array(rows.length + 1); // [S + 1]
  let start = 0;
  for (const [s, row] of rows.entries()) {
    const length = row.tokens.length;
    tokens.set(row.tokens, start);
    for (let i = 1; i < length; i += 1) {
      positions[start + i] = i;
      if (row.graded[i] === 1) labels[start + i - 1] = row.tokens[i] ?? padId;
    }
    start += length;
    segments[s + 1] = start;
  }
  // Padding belongs to the last row: it comes after all that is graded, so causal attention never sees it.
  const lastStart = segments.at(-2) ?? 0;
  for (let t = start; t < total; t += 1) positions[t] = t - lastStart;
  segments[rows.length] = total;
  return { tokens, labels, positions, segments, gradedTokens: rows.reduce((sum, row) => sum + countGraded(row), 0) };
}

/** The micro-batches of one optimizer step, in the order of its rows. */
export function layoutRows(rows: readonly RenderedRow[], options: LayoutOptions): PackedRows[] {
  const longest = rows.reduce((max, row) => Math.max(max, row.tokens.length), 0);
  return groupRows(rows, options).map((each) => {
    const sum = each.reduce((total, row) => total + row.tokens.length, 0);
    return pack(each, options.packing ? sum : longest, options.padId);
  });
}
