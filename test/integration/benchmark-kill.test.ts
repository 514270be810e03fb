/** A benchmark whose process is killed again and again goes on each time, and leaves the very records of one that was left alone. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, it } from 'vitest';
import { findPaths } from '../../main/platform/paths.ts';
import { projectFiles } from '../../main/platform/project-files.ts';
import { ComputeJobs } from '../../main/services/compute-jobs.ts';
import { nodeForkTransport } from '../../main/workers/node-fork-transport.ts';
import { probeEngine } from '../../main/workers/probe-engine.ts';
import { Supervisor } from '../../main/workers/supervisor.ts';
import type { JobOf } from '../../shared/contracts/compute-jobs.ts';
import type { BenchmarkResult } from '../../shared/domain/benchmark-record.ts';
import { BenchmarkTask } from '../../shared/domain/benchmark-task.ts';
import { cpuDefaults } from '../../shared/domain/cpu-optimization.ts';
import { isAppError } from '../../shared/errors/app-error.ts';
import { keepingLogger } from '../support/keeping-logger.ts';
import { waitFor } from '../support/lathe-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const transport = nodeForkTransport();
const { cache } = findPaths({ LATHE_HOME: join(folder, 'home') });
const supervisor = new Supervisor({ transport, entry: projectFiles.computeEntry, log: keepingLogger([]), logPath: () => '', cache });
const probed = probeEngine({ transport, entry: projectFiles.probeEntry }, undefined);
const compute = new ComputeJobs({ supervisor, engine: () => probed, power: { isKnown: true, read: () => 'mains' } });

const common = { title: 'Own', version: 1, prompt: '{{ q }}\nAnswer:', data: { file: 'rows', url: '', split: '', licence: 'CC0-1.0' } };
const choosing = { ...common, kind: 'multiple_choice', name: 'choosing', choices: { field: 'options' }, answer: { field: 'right' }, metrics: ['acc'] };
const writing = { ...common, kind: 'exact_match', name: 'writing', answers: { field: 'options' }, stop: ['\n'], max_tokens: 8 };

function jobOf(task: object, rows: number): Omit<JobOf<'benchmark'>, 'recordsPath'> {
  const data = join(folder, `rows-${rows}.jsonl`);
  const row = (i: number): object => ({
    q: `The man ${'walked along the road '.repeat(i % 9)}and came to house ${i}.`,
    options: ['Yes', 'No', `Number ${i}`],
    right: i % 3,
  });
  writeFileSync(data, Array.from({ length: rows }, (_, i) => `${JSON.stringify(row(i))}\n`).join(''));
  return {
    ...{ kind: 'benchmark', model: projectFiles.embeddedModel, adapter: null, task: BenchmarkTask.parse(task), data, limit: null },
    ...{ numFewshot: 2, chatTemplate: false, engine: { cpu: cpuDefaults(1), precision: 'fp32' } },
  };
}

/** null: it was killed before it had ended. */
async function run(job: JobOf<'benchmark'>, killAfter: { readonly progress: number; readonly ms: number } | null): Promise<BenchmarkResult | null> {
  let [told, isOver] = [0, false];
  const onEvent = ({ event }: { readonly event: string }): void => {
    if (event === 'progress') told += 1;
  };
  const running = await compute.start({ job, correlation: 'c', again: 'again', onEvent });
  const ended = running.result.catch((error: unknown) => {
    if (isAppError(error, 'COMPUTE_KILLED')) return null;
    throw error;
  });
  if (killAfter === null) return ended;
  void running.result.then(
    () => (isOver = true),
    () => (isOver = true),
  );
  await waitFor(() => isOver || told >= killAfter.progress, 30_000);
  await pause(killAfter.ms);
  try {
    process.kill(running.pid ?? 0, 'SIGKILL');
  } catch {
    // It has ended by itself meanwhile.
  }
  return ended;
}

it.each([
  ['choices in packed passes', choosing, 200],
  ['written answers', writing, 100],
])('%s', { timeout: 240_000 }, async (_, task, rows) => {
  const job = jobOf(task, rows);
  const [whole, killed] = [join(folder, `${rows}-whole.jsonl`), join(folder, `${rows}-killed.jsonl`)];
  const undisturbed = await run({ ...job, recordsPath: whole }, null);
  const random = xoroshiro128plus(20_261_126);
  let kills = 0;
  for (let part = 0; part < 5; part += 1) {
    const progress = part === 2 ? 0 : uniformInt(random, 1, 4);
    const killAfter = { progress, ms: uniformInt(random, 0, progress === 0 ? 300 : 20) };
    if ((await run({ ...job, recordsPath: killed }, killAfter)) === null) kills += 1;
  }
  const result = await run({ ...job, recordsPath: killed }, null);
  expect(kills).toBeGreaterThanOrEqual(3);
  expect(readFileSync(killed, 'utf8')).toBe(readFileSync(whole, 'utf8'));
  expect(result?.resumed_items).toBeGreaterThan(0);
  expect(result?.metrics).toEqual(undisturbed?.metrics);
});
