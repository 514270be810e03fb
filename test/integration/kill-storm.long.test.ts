/** Fifty kills of hosts and compute processes under load. */
import { it } from 'vitest';
import { killStorm } from '../support/kill-storm.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

it.skipIf(process.platform !== 'linux')('loses and doubles nothing in fifty kills', () => killStorm(folder, { rounds: 50, runs: 4, steps: 800, seed: 50 }));
