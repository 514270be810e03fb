/** Seeded random choices for the generators: the same seed gives the same text on every machine. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export interface Random {
  /** A whole number from 0 to `limit - 1`. */
  below(limit: number): number;
  /** True in `percent` of 100 cases. */
  chance(percent: number): boolean;
  /** One of the values, all equally likely. */
  pick<T>(values: readonly T[]): T;
  /** `count` different ones of the values, in random order. */
  sample<T>(values: readonly T[], count: number): T[];
}

/** A generator of its own for each purpose: give every kind of text a different seed. */
export function createRandom(seed: number): Random {
  const source = xoroshiro128plus(seed);
  const below = (limit: number): number => uniformInt(source, 0, limit - 1);
  const sample = <T>(values: readonly T[], count: number): T[] => {
    const rest = [...values];
    return Array.from({ length: Math.min(count, rest.length) }, () => rest.splice(below(rest.length), 1)).flat();
  };
  return {
    below,
    sample,
    chance: (percent) => below(100) < percent,
    pick: <T>(values: readonly T[]): T => values[below(values.length)] as T,
  };
}
