/** Three devices over a HANA in memory: whatever is cut, all end with the same and nothing vanishes. */
import { describe, expect, it } from 'vitest';
import { MemoryHana } from '../../../test/support/memory-hana.ts';
import { storm, stormOver } from '../../../test/support/sync-storm.ts';

const days = 86_400_000;

describe('three devices', () => {
  it.each(Array.from({ length: 6 }, (_, index) => index + 1))('agree in the end, and nothing vanishes (seed %i)', async (seed) => {
    const { cuts } = await storm(stormOver(new MemoryHana()), { seed, steps: 120 });
    expect(cuts).toBeGreaterThan(0);
  });

  it('do not care what their clocks say', async () => {
    await storm(stormOver(new MemoryHana()), { seed: 99, steps: 150, skewMs: [-2 * days, 0, 2 * days] });
  });
});
