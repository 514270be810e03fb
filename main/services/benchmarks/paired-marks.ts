/**
 * The difference of two shares of right answers on the same items. Its interval is the percentile interval of the bootstrap over items, with one gained and
 * one lost item put beside those that were seen (ADR 20). Differences are -1, 0 or 1, so that what endless resampling would give is computed instead.
 */
import { probit } from 'simple-statistics';
import { binomial, bisect } from './binomial.ts';

/** Items that only the second has right, that only the first has, and that do not differ. */
export interface MarkCounts {
  readonly gained: number;
  readonly lost: number;
  readonly same: number;
}

export interface PairedDifference {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Two-sided; at most 1 - confidence exactly where the interval leaves 0 out. */
  readonly p: number;
  /** The smallest true difference that would have shown with 80 % power. */
  readonly detectable: number;
}

export const power = 0.8;

export function differenceOfMarks({ gained, lost, same }: MarkCounts, confidence: number): PairedDifference {
  const items = gained + lost + same;
  const chances = resampled(items + 2, gained + 1, lost + 1);
  const tail = (1 - confidence) / 2;
  return {
    difference: (gained - lost) / items,
    low: lowest(chances, tail),
    high: 0 - lowest(chances.toReversed(), tail),
    p: Math.min(1, 2 * Math.min(upToZero(chances), upToZero(chances.toReversed()))),
    detectable: detectableShare({ items, flips: (gained + lost) / items }, 1 - confidence),
  };
}

/** How probable each sum from -items to items is, of so many items drawn with replacement. */
function resampled(items: number, gained: number, lost: number): Float64Array {
  const chances = new Float64Array(2 * items + 1);
  const flipped = binomial(items, (gained + lost) / items);
  flipped.terms.forEach((chance, i) => {
    const flips = flipped.first + i;
    const split = binomial(flips, gained / (gained + lost));
    split.terms.forEach((term, j) => {
      const at = items + 2 * (split.first + j) - flips;
      chances[at] = (chances[at] ?? 0) + chance * term;
    });
  });
  return chances;
}

/** As a share; at most `tail` lies below it. */
function lowest(chances: Float64Array, tail: number): number {
  const items = (chances.length - 1) / 2;
  let sum = 0;
  const at = chances.findIndex((chance) => (sum += chance) > tail);
  return (at - items) / items;
}

function upToZero(chances: Float64Array): number {
  let sum = 0;
  for (let i = 0; i <= (chances.length - 1) / 2; i += 1) sum += chances[i] ?? 0;
  return sum;
}

/**
 * Of McNemar's test at `error`, from its normal approximation with the continuity correction that makes it as strict as the exact one (Connor 1987). As many
 * items flip as have flipped, or as the difference needs at least; where those are few, the power is rather more than 80 %.
 */
function detectableShare({ items, flips }: { readonly items: number; readonly flips: number }, error: number): number {
  const [strict, sure] = [probit(1 - error / 2), probit(power)];
  const isTooSmall = (difference: number): boolean => {
    const flipped = Math.max(flips, difference);
    const needed = strict * Math.sqrt(items * flipped) + sure * Math.sqrt(items * (flipped - difference ** 2)) + 1;
    return items * difference < needed;
  };
  return bisect(isTooSmall);
}
