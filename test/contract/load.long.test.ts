/** Two hundred listeners and two hundred requests a second while a run trains: nothing lost, soon answered, and the run pays no more than the CPU that was used. */
import { expect, it } from 'vitest';
import { benchHost } from '../bench/host/bench-host.ts';
import { hostLines, isAlone, takenShare } from '../bench/host/measure-host.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('answers under load while a run trains', async () => {
  const figures = await benchHost(temporaryFolder(), { listeners: 200, requestsPerSecond: 200, seconds: 5, pairs: 9 });
  process.stdout.write(`${hostLines(figures).join('\n')}\n`);
  expect(figures.errors).toBe(0);
  expect(figures.eventsPerListener).toBeGreaterThan(0);
  expect(figures.p99Ms).toBeLessThan(50);
  // Other programs take caches and turns besides the time that can be counted: beside them this only finds what is badly wrong.
  expect(figures.slowdown).toBeLessThan(takenShare(figures) + (isAlone(figures) ? 0.03 : 0.06));
});
