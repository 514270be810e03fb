import { describe, expect, it } from 'vitest';
import { intervalAxis, ticksFor } from './interval-axis.ts';

describe('the axis of intervals', () => {
  it('holds all of them and nought, with room on both sides', () => {
    const axis = intervalAxis([
      { low: 0.02, high: 0.1 },
      { low: 0.04, high: 0.05 },
    ]);
    expect(axis.low).toBeLessThan(0);
    expect(axis.high).toBeGreaterThan(0.1);
  });

  it('has a width where nothing differs', () => {
    const { low, high } = intervalAxis([{ low: 0, high: 0 }]);
    expect(high).toBeGreaterThan(low);
  });

  it('is read by round numbers, nought among them', () => {
    expect(ticksFor({ low: -0.031, high: 0.112 })).toEqual([0, 0.05, 0.1]);
    expect(ticksFor({ low: -0.22, high: 0.1 })).toEqual([-0.2, -0.1, 0, 0.1]);
    expect(ticksFor({ low: -7, high: 93 })).toEqual([0, 20, 40, 60, 80]);
  });
});
