/** Short form of the soak test: a run's memory does not grow with its steps. What is native and exact is in no-leaks.test.ts. */
import { expect, it } from 'vitest';
import { rssGrowth } from '../support/soak.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { TinyRuns } from '../support/tiny-runs.ts';

const folder = temporaryFolder();

it('keeps its resident memory over 150 steps', { timeout: 120_000 }, async () => {
  // The runtime's own heap still finds its size in so short a run.
  expect(await rssGrowth(await TinyRuns.in(folder), 150)).toBeLessThan(0.08);
});
