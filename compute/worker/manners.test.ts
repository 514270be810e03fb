/** A job's manners: it waits while it should, hears what changes, and leaves a thread to the user. */
import { describe, expect, it } from 'vitest';
import type { JobEvent } from '../../shared/contracts/run-events.ts';
import { loadAddon } from '../tensor/load-addon.ts';
import { spareThreads, setUpEngine } from '../tensor/engine-setup.ts';
import { readdirSync } from 'node:fs';
import { Manners } from './manners.ts';

function begin({ spareThread = true } = {}) {
  const stop = new AbortController();
  const left: number[] = [];
  const events: JobEvent[] = [];
  const manners = new Manners(stop.signal, (count) => left.push(count));
  manners.begin({ spare_thread: spareThread });
  return { manners, stop, left, events, wait: () => manners.whilePaused((event) => events.push(event)) };
}

describe('a job', () => {
  it('goes on without a word where nothing asks it to wait', async () => {
    const { wait, events } = begin();
    expect([await wait(), events]).toEqual([0, []]);
  });

  it('waits until it is told that it may go on, and says both', async () => {
    const { manners, wait, events } = begin();
    manners.adapt({ pause: 'battery', isUserActive: false });
    let isOver = false;
    const waiting = wait().then((ms) => ((isOver = true), ms));
    manners.adapt({ pause: 'battery', isUserActive: true }); // another change does not wake it
    await new Promise((resolve) => setImmediate(resolve));
    expect([isOver, events]).toEqual([false, [{ event: 'pause', reason: 'battery' }]]);
    manners.adapt({ pause: null, isUserActive: true });
    expect(await waiting).toBeGreaterThan(0);
    expect(events.map(({ event }) => event)).toEqual(['pause', 'continue']);
  });

  it('hears a stop while it waits', async () => {
    const { manners, stop, wait, events } = begin();
    manners.adapt({ pause: 'user', isUserActive: false });
    const waiting = wait();
    stop.abort();
    await waiting;
    expect(events.map(({ event }) => event)).toEqual(['pause', 'continue']);
    expect(await wait()).toBe(0);
  });

  it('leaves a thread while the user works, where the setting says so', () => {
    const [yields, keeps] = [begin(), begin({ spareThread: false })];
    for (const { manners } of [yields, keeps]) for (const isUserActive of [true, false]) manners.adapt({ pause: null, isUserActive });
    expect([yields.left, keeps.left]).toEqual([
      [1, 0],
      [0, 0],
    ]);
  });
});

describe('spareThreads', () => {
  it.skipIf(process.platform !== 'linux')('takes threads from the engine and gives them back, and leaves one', () => {
    const threads = (): number => readdirSync('/proc/self/task').length;
    const cpu = { num_workers: 4, use_simd: true };
    setUpEngine(cpu, 'fp32');
    const all = threads();
    spareThreads(1);
    expect(threads()).toBe(all - 1);
    setUpEngine(cpu, 'fp32'); // a job that begins while the user works
    expect(threads()).toBe(all - 1);
    spareThreads(9);
    expect(threads()).toBe(all - 3);
    spareThreads(0);
    expect(threads()).toBe(all);
    loadAddon().configure({ threads: 1 });
  });
});
