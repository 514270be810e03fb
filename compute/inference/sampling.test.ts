/** Drawing the next token: the same choice as a full sort would make, with little of the vocabulary put in order. */
import { describe, expect, it } from 'vitest';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { heaviest, sampleToken } from './sampling.ts';

const random = xoroshiro128plus(5);
const uniform = (): number => uniformFloat64(random);

/** What `heaviest` replaces: everything sorted, then cut. */
function sortedHeaviest(weights: Float64Array, mass: number): number[] {
  const order = Array.from(weights.keys()).sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0) || a - b);
  const taken: number[] = [];
  for (let sum = 0; taken.length < order.length && sum < mass;) {
    const next = order[taken.length] ?? 0;
    taken.push(next);
    sum += weights[next] ?? 0;
  }
  return taken;
}

describe('heaviest', () => {
  it('takes what a full sort takes, in its order, ties and all', () => {
    for (let round = 0; round < 300; round++) {
      // Few different weights, so that many are equal.
      const weights = Float64Array.from({ length: 1 + Math.floor(uniform() * 60) }, () => Math.floor(uniform() * 12));
      const mass = weights.reduce((sum, weight) => sum + weight, 0) * uniform() * 1.1;
      expect(heaviest(weights, mass)).toEqual(sortedHeaviest(weights, mass));
    }
  });

  it('looks at a long vocabulary a few times, not at every pair of a sort', () => {
    const size = 1 << 15;
    const values = Float64Array.from({ length: size }, () => Math.exp(-20 * uniform()));
    let looks = 0;
    const counted = new Proxy(values, {
      get: (target, key) => {
        if (typeof key === 'string' && /^\d+$/.test(key)) looks += 1;
        const value: unknown = Reflect.get(target, key);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const total = values.reduce((sum, weight) => sum + weight, 0);
    expect(heaviest(counted, 0.02 * total).length).toBeLessThan(100);
    // A sort needs about 15 comparisons an entry, two looks each; a heap about two comparisons.
    expect(looks).toBeLessThan(8 * size);
  });
});

describe('sampleToken', () => {
  const logits = Float32Array.of(1, 3, 2, -Infinity, 2.5);

  it('is greedy at temperature 0', () => {
    expect(sampleToken(logits, { temperature: 0, topP: 1 }, uniform)).toBe(1);
  });

  it('draws each token as often as its probability says', () => {
    const draws = 20_000;
    const counts = new Array<number>(logits.length).fill(0);
    for (let i = 0; i < draws; i++) {
      const token = sampleToken(logits, { temperature: 1, topP: 1 }, uniform);
      counts[token] = (counts[token] ?? 0) + 1;
    }
    const weights = Array.from(logits, (logit) => Math.exp(logit));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    counts.forEach((count, token) => {
      const p = (weights[token] ?? 0) / total;
      expect(Math.abs(count / draws - p)).toBeLessThanOrEqual(4.5 * Math.sqrt((p * (1 - p)) / draws));
    });
  });

  it('draws only from the smallest set of probability topP', () => {
    const seen = new Set(Array.from({ length: 500 }, () => sampleToken(logits, { temperature: 1, topP: 0.6 }, uniform)));
    expect([...seen].toSorted()).toEqual([1, 4]);
  });
});
