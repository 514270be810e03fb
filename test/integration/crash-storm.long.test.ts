/** Fifty kills in one run, at seeded random moments: in steps, evaluations, checkpoint writes, start and end. */
import { setTimeout as pause } from 'node:timers/promises';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, it } from 'vitest';
import { waitFor } from '../support/lathe-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { stepsOf, TinyRuns } from '../support/tiny-runs.ts';

const steps = 800;
const settings = [
  ...['--max-steps', String(steps), '--epochs', '1000', '--batch-size', '8', '--gradient-accumulation', '3', '--rank', '4', '--dropout', '0.2'],
  ...['--learning-rate', '0.02', '--schedule', 'constant', '--holdout-fraction', '0.1', '--eval-steps', '7', '--save-steps', '3'],
];
const folder = temporaryFolder();

it('gives the same bytes after fifty kills', async () => {
  const runs = await TinyRuns.in(folder);
  const whole = await runs.train('whole', settings).ended;
  expect(whole, whole.stderr).toMatchObject({ code: 0 });
  const random = xoroshiro128plus(50);
  let kills = 0;
  while (kills < 50) {
    const cli = kills === 0 ? runs.train('killed', settings) : runs.resume('killed');
    // One in five dies before its first step; the first must live to write its record.
    if (kills === 0 || uniformInt(random, 0, 4) > 0) await waitFor(() => stepsOf(cli).length > 0, 60_000);
    await pause(uniformInt(random, 0, 400));
    const end = await cli.killAll();
    if (end.code === 0) break;
    kills += 1;
  }
  expect(kills).toBe(50);
  const end = await runs.resume('killed').ended;
  expect(end, end.stderr).toMatchObject({ code: 0 });
  expect(runs.result('killed')).toEqual(runs.result('whole'));
});
