/** How the memory of a run of the tiny model behaves over its steps: what the short and the long soak test look at. */
import { expect } from 'vitest';
import { eventsOf } from './lathe-cli.ts';
import type { TinyRuns } from './tiny-runs.ts';

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Trains so many steps through the command line; returns how far the last third's mean RSS lies above the second third's, as a share. */
export async function rssGrowth(runs: TinyRuns, steps: number): Promise<number> {
  const settings = [
    '--max-steps',
    String(steps),
    '--epochs',
    '100000',
    '--batch-size',
    '4',
    '--gradient-accumulation',
    '2',
    '--save-steps',
    '20',
    '--eval-steps',
    '20',
  ];
  const end = await runs.train(`soak-${steps}`, settings).ended;
  expect(end, end.stderr).toMatchObject({ code: 0 });
  const rss = eventsOf(end, 'step').map(({ rss_bytes: bytes }) => Number(bytes));
  expect(rss).toHaveLength(steps);
  const third = Math.floor(steps / 3);
  return mean(rss.slice(2 * third)) / mean(rss.slice(third, 2 * third)) - 1;
}
