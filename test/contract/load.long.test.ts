/** Two hundred listeners and two hundred requests a second while a run trains: nothing lost, soon answered, and the run pays no more than the CPU that was used. */
import { expect, it } from 'vitest';
import { benchHost } from '../bench/host/bench-host.ts';
import { hostLines } from '../bench/host/measure-host.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('answers under load while a run trains', async () => {
  const figures = await benchHost(temporaryFolder(), { listeners: 200, requestsPerSecond: 200, seconds: 15, pairs: 4 });
  process.stdout.write(`${hostLines(figures).join('\n')}\n`);
  expect(figures.errors).toBe(0);
  expect(figures.eventsPerListener.least).toBeGreaterThan(0);
  expect(figures.eventsPerListener.least).toBe(figures.eventsPerListener.most);
  expect(figures.p99Ms).toBeLessThan(50);
  expect(figures.slowdown).toBeLessThan(figures.cpuShare + 0.03);
});
