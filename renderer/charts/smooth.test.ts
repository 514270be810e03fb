import { describe, expect, it } from 'vitest';
import { smooth, Smoother } from './smooth.ts';

describe('smooth', () => {
  it('leaves a level series level, from its first value on', () => {
    expect([...smooth([2, 2, 2, 2], 0.9)].every((value) => Math.abs(value - 2) < 1e-12)).toBe(true);
  });

  it('is the series itself without weight', () => {
    expect([...smooth([3, 1, 2], 0)]).toEqual([3, 1, 2]);
  });

  it('is the weighted mean of what came', () => {
    expect(smooth([1, 3], 0.5)[1]).toBeCloseTo((0.25 * 1 + 0.5 * 3) / 0.75, 12);
  });

  it('passes over what is no number', () => {
    expect([...smooth([Number.NaN, 4, Number.NaN], 0.5)]).toEqual([Number.NaN, 4, 4]);
  });

  it('gives of a series that grows what it gives of it at once, and begins anew where the series does', () => {
    const ys = Float64Array.from({ length: 5_000 }, (_, index) => Math.sin(index));
    const smoother = new Smoother(0.9);
    for (const length of [1, 700, 1_024, 1_025, 5_000, 300]) expect(smoother.smooth(ys.subarray(0, length))).toEqual(smooth(ys.slice(0, length), 0.9));
    const other = ys.map((y) => -y);
    expect(smoother.smooth(other)).toEqual(smooth(other, 0.9));
  });
});
