import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beside, fitBounds, smallestSize, type Bounds } from './window-bounds.ts';

const laptop: Bounds = { x: 0, y: 24, width: 1_440, height: 876 };
const right: Bounds = { x: 1_440, y: 0, width: 1_920, height: 1_080 };

describe('where a window opens', () => {
  it('is where it was, on the main screen or another', () => {
    for (const was of [
      { x: 100, y: 80, width: 1_000, height: 700 },
      { x: 1_800, y: 200, width: 1_200, height: 800 },
    ])
      expect(fitBounds(was, [laptop, right])).toEqual(was);
  });

  it('is the main screen where its own is gone', () => {
    expect(fitBounds({ x: 1_800, y: 200, width: 1_200, height: 800 }, [laptop])).toEqual({ x: 240, y: 100, width: 1_200, height: 800 });
  });

  it('is no larger than the screen and no smaller than the page can be', () => {
    expect(fitBounds({ x: 0, y: 24, width: 5_000, height: 5_000 }, [laptop])).toEqual(laptop);
    expect(fitBounds({ x: 10, y: 30, width: 10, height: 10 }, [laptop])).toEqual({ x: 10, y: 30, ...smallestSize });
    expect(fitBounds({ x: 0, y: 0, width: 900, height: 900 }, [{ x: 0, y: 0, width: 640, height: 480 }])).toEqual({ x: 0, y: 0, width: 640, height: 480 });
  });

  it('comes back wholly from beyond an edge', () => {
    expect(fitBounds({ x: -500, y: 600, width: 1_000, height: 700 }, [laptop])).toEqual({ x: 0, y: 200, width: 1_000, height: 700 });
  });

  it('is nobody’s choice without a screen', () => expect(fitBounds(laptop, [])).toBeNull());

  it('lies within one screen, whatever it was', () => {
    const side = fc.integer({ min: -5_000, max: 5_000 });
    const size = fc.integer({ min: 1, max: 6_000 });
    const bounds = fc.record({ x: side, y: side, width: size, height: size });
    const isWithin = (inner: Bounds, area: Bounds): boolean =>
      inner.x >= area.x && inner.y >= area.y && inner.x + inner.width <= area.x + area.width && inner.y + inner.height <= area.y + area.height;
    fc.assert(
      fc.property(bounds, fc.array(bounds, { minLength: 1, maxLength: 3 }), (was, areas) => {
        const fitted = fitBounds(was, areas);
        return fitted !== null && areas.some((area) => isWithin(fitted, area));
      }),
    );
  });

  it('is a little beside the one that is there', () => {
    expect(beside({ x: 1, y: 2, width: 3, height: 4 })).toEqual({ x: 33, y: 34, width: 3, height: 4 });
  });
});
