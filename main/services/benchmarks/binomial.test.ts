import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomial, boundsOfShare, tails } from './binomial.ts';

describe('binomial', () => {
  it('agrees with the closed form', () => {
    const { first, terms } = binomial(4, 0.5);
    expect(first).toBe(0);
    [1, 4, 6, 4, 1].forEach((ways, i) => expect(terms[i]).toBeCloseTo(ways / 16, 15));
    expect(binomial(3, 0)).toEqual({ first: 0, terms: Float64Array.of(1) });
    expect(binomial(3, 1)).toEqual({ first: 3, terms: Float64Array.of(1) });
  });

  it('has its mean and variance, for any number of trials and any share', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), (trials, share) => {
        const { first, terms } = binomial(trials, share);
        const mean = terms.reduce((sum, term, i) => sum + term * (first + i), 0);
        const variance = terms.reduce((sum, term, i) => sum + term * (first + i - mean) ** 2, 0);
        expect(mean).toBeCloseTo(trials * share, 6);
        expect(variance / (trials * share * (1 - share))).toBeCloseTo(1, 6);
      }),
    );
  });

  it('splits into tails that overlap in the count itself', () => {
    const { atMost, atLeast } = tails(10, 0.3, 4);
    expect(atMost).toBeCloseTo(0.8497, 4);
    expect(atMost + atLeast - 1).toBeCloseTo(0.2001, 4);
  });
});

describe('boundsOfShare', () => {
  it('agrees with tables of Clopper and Pearson', () => {
    const { low, high } = boundsOfShare(3, 10, 0.025);
    expect(low).toBeCloseTo(0.06674, 5);
    expect(high).toBeCloseTo(0.65245, 5);
    // All or none: 1 - error ^ (1 / n).
    expect(boundsOfShare(0, 10, 0.05)).toEqual({ low: 0, high: expect.closeTo(1 - 0.05 ** 0.1, 10) as number });
    expect(boundsOfShare(10, 10, 0.05)).toEqual({ low: expect.closeTo(0.05 ** 0.1, 10) as number, high: 1 });
  });

  it.each([
    [20, 0.5],
    [20, 0.97],
    [188, 0.31],
    [188, 0.995],
  ])('is wrong at most as often as it says: %d items, share %d', (items, share) => {
    const { first, terms } = binomial(items, share);
    let [below, above] = [0, 0];
    terms.forEach((term, i) => {
      const { low, high } = boundsOfShare(first + i, items, 0.05);
      if (low > share) below += term;
      if (high < share) above += term;
    });
    expect(below).toBeLessThanOrEqual(0.05);
    expect(above).toBeLessThanOrEqual(0.05);
  });
});
