/** Callers are shared out evenly, and none is moved back while a share grows. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callerPoint, chooseSide, type Side } from './choose-side.ts';

const split = (share: number, alias = 'support') => ({ alias, previous: 'v1', new: 'v2', share });

describe('a split', () => {
  it.each([10, 25, 50, 75])('of %i percent is met within a point by two thousand numbered callers', (share) => {
    for (const alias of ['support', 'bot', 'assistant', 'demo', 'model', 'lathe-demo'])
      for (const name of ['caller-', 'user ', 'key_', '']) {
        const callers = Array.from({ length: 2_000 }, (_, index) => `${name}${index}`);
        const isNew = callers.filter((key) => chooseSide(split(share, alias), key) === 'new').length;
        expect(Math.abs((100 * isNew) / callers.length - share), `${alias} ${name}`).toBeLessThan(1);
      }
  });

  it('is met within chance by callers without numbers', () => {
    const callers = Array.from({ length: 20_000 }, (_, index) => `${(index * 2_654_435_761) % 2 ** 32}x`);
    expect(callers.filter((key) => chooseSide(split(25), key) === 'new').length / 200).toBeCloseTo(25, 0);
  });

  it('gives nobody and everybody at its ends', () => {
    fc.assert(
      fc.property(fc.string(), (key) => {
        expect([chooseSide(split(0), key), chooseSide(split(100), key)]).toEqual<Side[]>(['previous', 'new']);
      }),
    );
  });

  it('moves nobody back while it grows', () => {
    fc.assert(
      fc.property(fc.string(), fc.double({ min: 0, max: 100, noNaN: true }), fc.double({ min: 0, max: 100, noNaN: true }), (key, one, other) => {
        const [low, high] = one < other ? [one, other] : [other, one];
        if (chooseSide(split(low), key) === 'new') expect(chooseSide(split(high), key)).toBe('new');
      }),
    );
  });

  it('tries other callers first for another alias', () => {
    const callers = Array.from({ length: 200 }, (_, index) => String(index));
    const first = (alias: string) => callers.filter((key) => callerPoint(alias, key) < 10);
    expect(first('one')).not.toEqual(first('other'));
  });

  it('is the same in every version: callers that are on a side stay there', () => {
    expect(callerPoint('support', 'caller-1')).toBeCloseTo(54.609531236065045, 9);
  });
});
