/** A run's memory stays flat over many steps: evaluations, checkpoints and all. */
import { expect, it } from 'vitest';
import { rssGrowth } from '../support/soak.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { TinyRuns } from '../support/tiny-runs.ts';

const folder = temporaryFolder();

it('keeps its resident memory over 3000 steps', async () => {
  expect(await rssGrowth(await TinyRuns.in(folder), 3000)).toBeLessThan(0.02);
});
