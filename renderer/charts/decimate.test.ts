import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimate, Thinner } from './decimate.ts';

const whole = { from: -Infinity, to: Infinity };
const steps = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('decimate', () => {
  it('keeps a short series as it is, without what is no number', () => {
    expect(decimate([1, 2, 3], [5, Number.NaN, 7], whole, 100)).toEqual([
      { x: 1, y: 5 },
      { x: 3, y: 7 },
    ]);
  });

  it('loses no spike of a long one', () => {
    const ys = steps(100_000).map(() => 1);
    ys[54_321] = 9;
    ys[77_777] = -3;
    const points = decimate(steps(100_000), ys, whole, 500);
    expect(points.length).toBeLessThanOrEqual(1_000);
    expect(points).toContainEqual({ x: 54_322, y: 9 });
    expect(points).toContainEqual({ x: 77_778, y: -3 });
  });

  it('keeps one point beyond each end of the window', () => {
    const points = decimate(steps(1_000), steps(1_000), { from: 100, to: 110 }, 200);
    expect(points[0]?.x).toBe(99);
    expect(points.at(-1)?.x).toBe(111);
  });

  it('gives points in order whose extremes are those of the series', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 3_000 }),
        fc.integer({ min: 1, max: 60 }),
        (ys, columns) => {
          const points = decimate(steps(ys.length), ys, whole, columns);
          const shown = points.map(({ y }) => y);
          expect(points.every(({ x }, index) => index === 0 || x > (points[index - 1]?.x ?? Infinity))).toBe(true);
          expect(Math.max(...shown)).toBe(Math.max(...ys));
          expect(Math.min(...shown)).toBe(Math.min(...ys));
        },
      ),
    );
  });

  it('gives of a series that grows in its memory what it gives of it at once', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -9, max: 9 }), { minLength: 300, maxLength: 2_000 }), fc.integer({ min: 1, max: 299 }), (ys, cut) => {
        const memory = Float64Array.from(ys);
        const thinner = new Thinner();
        thinner.thin(steps(cut), memory.subarray(0, cut), whole, 7);
        expect(thinner.thin(steps(ys.length), memory.subarray(), whole, 7)).toEqual(decimate(steps(ys.length), ys, whole, 7));
        // Begun anew in other memory, and shorter.
        const other = memory.slice(0, cut).map((y) => -y);
        expect(thinner.thin(steps(cut), other, whole, 7)).toEqual(decimate(steps(cut), [...other], whole, 7));
      }),
    );
  });
});
