/** Did the second of two scorings of the same rows get better by more than chance? McNemar's test, exact. */
import { gammaln } from 'simple-statistics';

export interface PairedTest {
  /** Rows that only the second got right, and that only the first did. */
  readonly gained: number;
  readonly lost: number;
  /** Two-sided: how often as lopsided a split of these rows would come from a fair coin. */
  readonly p: number;
}

/** Rows are matched by id; rows that only one side has are left out. */
export function pairedTest(before: ReadonlyMap<number, boolean>, after: ReadonlyMap<number, boolean>): PairedTest {
  const changed = [...after].filter(([id, correct]) => before.has(id) && before.get(id) !== correct);
  const gained = changed.filter(([, correct]) => correct).length;
  return exactTest(gained, changed.length - gained);
}

/** Of rows that were counted already. */
export const exactTest = (gained: number, lost: number): PairedTest => ({ gained, lost, p: twoSidedCoin(gained + lost, Math.min(gained, lost)) });

/** P(at most `few` heads or at most `few` tails in `tosses`). Logarithms, so that thousands of rows do not underflow. */
function twoSidedCoin(tosses: number, few: number): number {
  const logCount = (heads: number): number => gammaln(tosses + 1) - gammaln(heads + 1) - gammaln(tosses - heads + 1);
  let tail = 0;
  for (let heads = 0; heads <= few; heads += 1) tail += Math.exp(logCount(heads) - tosses * Math.LN2);
  return Math.min(1, 2 * tail);
}
