/** As storm.test.ts, with many more seeds. */
import { describe, expect, it } from 'vitest';
import { MemoryHana } from '../../../test/support/memory-hana.ts';
import { storm, stormOver } from '../../../test/support/sync-storm.ts';

const days = 86_400_000;

describe('three devices', () => {
  it.each(Array.from({ length: 150 }, (_, index) => index + 100))('agree in the end, and nothing vanishes (seed %i)', async (seed) => {
    const skewMs = seed % 2 === 0 ? [0, 0, 0] : [-2 * days, 0, 2 * days];
    const { cuts } = await storm(stormOver(new MemoryHana()), { seed, steps: 200, skewMs });
    expect(cuts).toBeGreaterThan(0);
  });
});
