/** Lathe dies at acts of every strategy: afterwards the target is wholly new or wholly old, and the history says so. The storm tries every act. */
import { describe, expect, it } from 'vitest';
import { live, lives } from '../../../test/support/deployment-life.ts';

describe.each(lives)('$title', (life) => {
  it('ends wholly new or wholly old, wherever it was killed', async () => {
    const acts = await live(life, { dieAt: 0, when: 'after', downMs: 0 });
    expect(acts).toBeGreaterThan(2);
    for (const dieAt of new Set([1, Math.ceil(acts / 2), acts])) await live(life, { dieAt, when: dieAt % 2 === 0 ? 'before' : 'after', downMs: 1_000 });
  }, 120_000);

  it('goes back where the break was longer than it may be', async () => {
    await live(life, { dieAt: 2, when: 'after', downMs: 20 * 60_000 });
  }, 120_000);
});
