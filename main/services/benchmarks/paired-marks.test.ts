import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactTest } from '../paired-test.ts';
import { binomial } from './binomial.ts';
import { differenceOfMarks, type MarkCounts } from './paired-marks.ts';
import { RandomNumbers } from './random-numbers.ts';

/** Every outcome of so many items of which a share flips, and of those a share is gained, with its probability. */
function outcomes(items: number, flips: number, gains: number): readonly (MarkCounts & { readonly chance: number })[] {
  const flipped = binomial(items, flips);
  return [...flipped.terms].flatMap((chance, i) => {
    const split = binomial(flipped.first + i, gains);
    return [...split.terms].map((term, j) => {
      const gained = split.first + j;
      const lost = flipped.first + i - gained;
      return { gained, lost, same: items - gained - lost, chance: chance * term };
    });
  });
}

/** The probability of what holds of an outcome; those that hardly ever happen are left out, and count as if it did not hold. */
const chanceOf = (all: ReturnType<typeof outcomes>, holds: (counts: MarkCounts) => boolean): number =>
  all.reduce((sum, counts) => sum + (counts.chance > 1e-7 && holds(counts) ? counts.chance : 0), 0);

const counts = fc.record({ gained: fc.nat(40), lost: fc.nat(40), same: fc.nat(300) }).filter(({ gained, lost, same }) => gained + lost + same > 0);

describe('differenceOfMarks', () => {
  it('is what resampling gives, drawn ten thousand times', () => {
    // 30 gained, 12 lost, 146 the same; with one more gained and lost.
    const { low, high, p } = differenceOfMarks({ gained: 30, lost: 12, same: 146 }, 0.95);
    const random = new RandomNumbers(7);
    const draws = new Uint32Array(190);
    const sums = Array.from({ length: 10_000 }, () => {
      random.fill(draws, 190);
      return draws.reduce((sum, item) => sum + (item < 31 ? 1 : item < 44 ? -1 : 0), 0);
    }).sort((a, b) => a - b);
    expect(low).toBeCloseTo((sums[250] ?? 0) / 190, 2);
    expect(high).toBeCloseTo((sums[9_749] ?? 0) / 190, 2);
    expect(p).toBeCloseTo((2 * sums.filter((sum) => sum <= 0).length) / 10_000, 2);
  });

  it('follows the normal distribution where there are many items', () => {
    const { difference, low, high, p } = differenceOfMarks({ gained: 1_500, lost: 1_300, same: 7_200 }, 0.95);
    const error = Math.sqrt(0.28 - 0.02 ** 2) / 100;
    expect(difference).toBe(0.02);
    expect(low).toBeCloseTo(0.02 - 1.96 * error, 3);
    expect(high).toBeCloseTo(0.02 + 1.96 * error, 3);
    expect(p).toBeCloseTo(0.00016, 4);
  });

  it('is never sure that nothing differs', () => {
    const { difference, low, high, p } = differenceOfMarks({ gained: 0, lost: 0, same: 188 }, 0.95);
    expect([difference, p]).toEqual([0, 1]);
    expect(low).toBe(-high);
    expect(high).toBeGreaterThan(0.01);
  });

  it('is mirrored where the two change places', () => {
    fc.assert(
      fc.property(counts, ({ gained, lost, same }) => {
        const one = differenceOfMarks({ gained, lost, same }, 0.95);
        const two = differenceOfMarks({ gained: lost, lost: gained, same }, 0.95);
        expect(two.difference).toBeCloseTo(-one.difference, 12);
        expect(two.low).toBeCloseTo(-one.high, 12);
        expect(two.high).toBeCloseTo(-one.low, 12);
        expect(two.p).toBeCloseTo(one.p, 12);
        expect(two.detectable).toBe(one.detectable);
      }),
      { numRuns: 50 },
    );
  });

  it('holds the difference, is wider the surer it shall be, and leaves 0 out exactly where p says so', () => {
    fc.assert(
      fc.property(counts, fc.constantFrom(0.8, 0.9, 0.95, 0.99), (of, confidence) => {
        const { difference, low, high, p } = differenceOfMarks(of, confidence);
        const surer = differenceOfMarks(of, confidence + 0.009);
        expect(low).toBeLessThanOrEqual(difference);
        expect(high).toBeGreaterThanOrEqual(difference);
        expect(surer.low).toBeLessThanOrEqual(low);
        expect(surer.high).toBeGreaterThanOrEqual(high);
        if (Math.abs(p - (1 - confidence)) > 1e-9) expect(low > 0 || high < 0).toBe(p < 1 - confidence);
      }),
      { numRuns: 50 },
    );
  });

  // Exactly, over all outcomes: no luck in it.
  it.each([10, 20, 50, 188])('holds the truth in about 95 of 100 cases: %d items', (items) => {
    const found = new Map<string, readonly [number, number]>();
    const interval = (of: MarkCounts): readonly [number, number] => {
      const key = `${of.gained} ${of.lost}`;
      const known = found.get(key);
      if (known !== undefined) return known;
      const { low, high } = differenceOfMarks(of, 0.95);
      found.set(key, [low, high]);
      return [low, high];
    };
    for (const flips of [0.005, 0.05, 0.2, 0.6]) {
      for (const gains of [0.5, 0.75, 1]) {
        const truth = flips * (2 * gains - 1);
        const covered = chanceOf(outcomes(items, flips, gains), (of) => {
          const [low, high] = interval(of);
          return low <= truth + 1e-12 && high >= truth - 1e-12;
        });
        expect(covered, `${flips} flip, ${gains} of them for the better`).toBeGreaterThan(0.925);
      }
    }
  });

  it.each([10, 50, 188])('McNemar finds a difference where there is none in at most 5 of 100 cases: %d items', (items) => {
    for (const flips of [0.02, 0.1, 0.5, 1]) {
      const all = outcomes(items, flips, 0.5);
      expect(chanceOf(all, ({ gained, lost }) => exactTest(gained, lost).p <= 0.05)).toBeLessThanOrEqual(0.05);
    }
  });

  it.each([
    [188, 0.1, 0.85],
    [188, 0.4, 0.83],
    [2_000, 0.2, 0.83],
    // Few flips: it asks for more than it needs.
    [50, 0.2, 0.95],
    [500, 0.02, 0.95],
  ])('finds what it calls detectable in about 80 of 100 cases: %d items, %d of them flip', (items, flips, atMost) => {
    const gained = Math.round((items * flips) / 2);
    const { detectable } = differenceOfMarks({ gained, lost: gained, same: items - 2 * gained }, 0.95);
    const share = Math.max(flips, detectable);
    const all = outcomes(items, share, 0.5 + detectable / share / 2);
    const found = chanceOf(all, (of) => of.gained > of.lost && exactTest(of.gained, of.lost).p <= 0.05);
    expect(found).toBeGreaterThan(0.78);
    expect(found).toBeLessThan(atMost);
  });
});
