/**
 * One core kept busy by another program costs no more than its share. Of two cores half a one is lost, so that a step takes 4/3 of its time; a
 * fixed partition of the work, or a wait for a thread that does not come to run, would take it to the speed of one thread or below.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { BusyCoreFigures } from './busy-core.ts';

/** 4/3 is what sharing costs; the rest is for what the other program leaves in the caches, and for the scheduler's turns. */
const MOST = 1.6;

function measure(cores: readonly [number, number]): Promise<BusyCoreFigures> {
  const child = spawn('taskset', ['-c', cores.join(), process.execPath, join(import.meta.dirname, 'busy-core.ts'), String(cores[1])], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
  });
  return new Promise((resolve, reject) => {
    child.once('message', (figures) => resolve(figures as BusyCoreFigures));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the steps ended with code ${String(code)}`)));
  });
}

it.skipIf(process.platform !== 'linux' || availableParallelism() < 2)('a busy core costs its share', { timeout: 300_000 }, async (context) => {
  const { free, busy, cores } = await measure([0, 1]);
  if (cores < 1.8) return context.skip(`this machine is not free: the steps had ${cores.toFixed(2)} of 2 cores`);
  expect(busy / free).toBeLessThan(MOST);
});
