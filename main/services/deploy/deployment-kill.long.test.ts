/** Lathe dies at every act of every strategy, before it and after it, after short breaks and long ones. */
import { describe, it } from 'vitest';
import { live, lives } from '../../../test/support/deployment-life.ts';

describe.each(lives)('$title', (life) => {
  it.each([1_000, 20 * 60_000])('ends wholly new or wholly old at every act, after %i ms', async (downMs) => {
    for (const when of ['before', 'after'] as const) {
      const acts = await live(life, { dieAt: 0, when, downMs: 0 });
      for (let dieAt = 1; dieAt <= acts; dieAt += 1) await live(life, { dieAt, when, downMs });
    }
  });
});
