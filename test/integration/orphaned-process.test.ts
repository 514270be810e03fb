/** The compute process ends at once when the command line is killed, and the run folder is free again. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { isRunning, waitFor } from '../support/lathe-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { stepsOf, TinyRuns } from '../support/tiny-runs.ts';

/** Reference kernels and a whole epoch a step: a micro-batch takes seconds. */
const slow = [
  '--use-simd',
  'false',
  '--num-workers',
  '1',
  '--batch-size',
  '200',
  '--gradient-accumulation',
  '1',
  '--max-steps',
  '5',
  '--epochs',
  '100',
  '--dropout',
  '0',
];
const quick = ['--batch-size', '4', '--gradient-accumulation', '1', '--max-steps', '5000', '--epochs', '1000', '--save-steps', '3', '--holdout-fraction', '0'];

const folder = temporaryFolder();
let runs: TinyRuns;

const contentOf = (name: string): string[] => [...readdirSync(runs.out(name), { recursive: true })].map(String).sort();
const eventsFile = (name: string): string => readFileSync(join(runs.out(name), 'events.jsonl'), 'utf8');

describe.skipIf(process.platform !== 'linux')('a compute process whose command line was killed', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    runs = await TinyRuns.in(folder, { rows: 400 });
  });

  it.each([
    { name: 'between steps', settings: quick },
    { name: 'inside a long kernel', settings: slow },
  ])('is gone within a second: $name', async ({ name, settings }) => {
    const run = name.replaceAll(' ', '-');
    const cli = runs.train(run, settings);
    expect(await waitFor(() => stepsOf(cli).length > 0, 90_000)).toBe(true);
    const [compute = 0, ...others] = cli.computeProcesses();
    expect(others).toEqual([]);
    expect(isRunning(compute)).toBe(true);
    cli.signal('SIGKILL');
    expect(await waitFor(() => !isRunning(compute), 1_000)).toBe(true);
    const [files, events] = [contentOf(run), eventsFile(run)];
    await pause(300);
    expect([contentOf(run), eventsFile(run)]).toEqual([files, events]);
    await cli.ended;
    const next = runs.resume(run);
    expect(await waitFor(() => stepsOf(next).length > 0, 90_000)).toBe(true);
    await next.killAll();
  });
});
