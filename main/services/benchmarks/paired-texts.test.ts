import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differenceOfTexts, type TextDifferences } from './paired-texts.ts';
import { RandomNumbers } from './random-numbers.ts';

const random = new RandomNumbers(11);
const uniform = (): number => {
  const draw = new Uint32Array(1);
  random.fill(draw, 1_000_000);
  return ((draw[0] ?? 0) + 0.5) / 1_000_000;
};
const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());

/** Texts of very different lengths, whose true mean difference is 0. */
function texts(count: number, noise: () => number): TextDifferences {
  const units = Float64Array.from({ length: count }, () => 50 + 200 * uniform());
  return { units, added: units.map((unit) => unit * noise()) };
}

async function covered(count: number, noise: () => number): Promise<number> {
  const tries = 150;
  let held = 0;
  for (let i = 0; i < tries; i += 1) {
    const { low, high } = await differenceOfTexts(texts(count, noise), 0.95);
    if (low <= 0 && high >= 0) held += 1;
  }
  return held / tries;
}

describe('differenceOfTexts', () => {
  it('weighs texts by their length', async () => {
    const { difference } = await differenceOfTexts({ added: Float64Array.of(1, 2, 3, 4, 5), units: Float64Array.of(10, 10, 10, 10, 60) }, 0.95);
    expect(difference).toBeCloseTo(15 / 100, 12);
  });

  it('agrees with the t distribution where texts are alike', async () => {
    const added = Float64Array.from({ length: 400 }, () => 0.2 + normal());
    const mean = added.reduce((sum, value) => sum + value, 0) / 400;
    const error = Math.sqrt(added.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 399 / 400);
    const { difference, low, high, detectable } = await differenceOfTexts({ added, units: new Float64Array(400).fill(1) }, 0.95);
    expect(difference).toBeCloseTo(mean, 12);
    expect(low).toBeCloseTo(mean - 1.966 * error, 2);
    expect(high).toBeCloseTo(mean + 1.966 * error, 2);
    expect(detectable / error).toBeCloseTo(2.8, 2);
  });

  it('says so where every text moved alike', async () => {
    const units = Float64Array.of(3, 5, 7, 9, 11);
    const moved = await differenceOfTexts({ added: units.map((unit) => unit * 0.5), units }, 0.95);
    expect([moved.low, moved.difference, moved.high, moved.p]).toEqual([0.5, 0.5, 0.5, 0]);
    expect((await differenceOfTexts({ added: new Float64Array(5), units }, 0.95)).p).toBe(1);
  });

  it('is the same for any order, and mirrored where the two change places', async () => {
    const list = fc.array(fc.tuple(fc.double({ min: -5, max: 5, noNaN: true }), fc.integer({ min: 1, max: 100 })), { minLength: 5, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(list, async (pairs) => {
        const of = (order: typeof pairs, sign: number): TextDifferences => ({
          added: Float64Array.from(order, ([value]) => sign * value),
          units: Float64Array.from(order, ([, unit]) => unit),
        });
        fc.pre(Math.abs(pairs.reduce((sum, [value]) => sum + value, 0)) > 1e-6);
        fc.pre(new Set(pairs.map(([value]) => Math.abs(value))).size === pairs.length);
        const one = await differenceOfTexts(of(pairs, 1), 0.95);
        expect(await differenceOfTexts(of(pairs.toReversed(), 1), 0.95)).toEqual(one);
        const mirrored = await differenceOfTexts(of(pairs, -1), 0.95);
        expect(mirrored.difference).toBeCloseTo(-one.difference, 12);
        expect(mirrored.low).toBeCloseTo(-one.high, 9);
        expect(mirrored.p).toBeCloseTo(one.p, 3);
      }),
      { numRuns: 15 },
    );
  });

  it('leaves 0 out exactly where p says so', async () => {
    for (let i = 0; i < 20; i += 1) {
      const { low, high, p } = await differenceOfTexts(
        texts(20, () => 0.4 + normal()),
        0.95,
      );
      if (Math.abs(p - 0.05) > 0.001) expect(low > 0 || high < 0).toBe(p < 0.05);
    }
  });

  it('holds the truth in about 95 of 100 cases, few texts too', async () => {
    expect(await covered(8, normal)).toBeGreaterThan(0.88);
    expect(await covered(40, normal)).toBeGreaterThan(0.9);
  });
});
