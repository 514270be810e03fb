/** A short storm of kills over hosts and compute processes; the long one has fifty. */
import { it } from 'vitest';
import { killStorm } from '../support/kill-storm.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

it.skipIf(process.platform !== 'linux')('loses and doubles nothing in five kills', { timeout: 240_000 }, () =>
  killStorm(folder, { rounds: 5, runs: 2, steps: 80, seed: 20_261_126 }),
);
