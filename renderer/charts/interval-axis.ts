/** The common axis of several intervals: around nought, with some room, and round numbers to read it by. */

export interface IntervalAxis {
  readonly low: number;
  readonly high: number;
}

const room = 0.08;

export function intervalAxis(intervals: readonly { readonly low: number; readonly high: number }[]): IntervalAxis {
  const low = Math.min(0, ...intervals.map((each) => each.low));
  const high = Math.max(0, ...intervals.map((each) => each.high));
  const margin = (high - low || 1) * room;
  return { low: low - margin, high: high + margin };
}

/** At most seven round numbers inside it, nought among them where it is. */
export function ticksFor({ low, high }: IntervalAxis, most = 6): readonly number[] {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => tidy((first + index) * step));
}

/** Without what is left of adding fractions. */
const tidy = (value: number): number => Number(value.toPrecision(12)) + 0;
