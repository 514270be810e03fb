import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { keepingLogger } from '../../../test/support/keeping-logger.ts';
import { writeTinyData, writeTinyModel } from '../../../test/support/tiny-model.ts';
import { findPaths } from '../../platform/paths.ts';
import { projectFiles } from '../../platform/project-files.ts';
import { nodeForkTransport } from '../../workers/node-fork-transport.ts';
import { probeEngine } from '../../workers/probe-engine.ts';
import { Supervisor } from '../../workers/supervisor.ts';
import { ComputeJobs } from '../compute-jobs.ts';
import { Shelves } from '../shelves.ts';
import { LookIns } from './look-ins.ts';

const paths = findPaths({ LATHE_HOME: temporaryFolder() });
let lookIns: LookIns;
beforeAll(() => {
  const transport = nodeForkTransport();
  const supervisor = new Supervisor({ transport, entry: projectFiles.computeEntry, log: keepingLogger([]), logPath: () => '/the.log', cache: paths.cache });
  const engine = () => probeEngine({ transport, entry: projectFiles.probeEntry }, undefined);
  const compute = new ComputeJobs({ supervisor, engine, power: { isKnown: true, read: () => 'mains' } });
  lookIns = new LookIns({ paths, shelves: new Shelves(paths, null), compute });
});

const data = { path: projectFiles.demoTrain };
const config = { model: 'lathe-base', data, training: { max_steps: 2, warmup_steps: 1 } };

describe('runs.plan', { timeout: 60_000 }, () => {
  it('tells what a run would take, and what was adapted', async () => {
    const { plan, problem, notes } = await lookIns.plan({ config: { ...config, cpu_optimization: { num_workers: 1_000 } } });
    expect([plan?.fits, plan?.steps, problem]).toEqual([true, 2, null]);
    expect(notes).toContain(`num_workers is cut from 1000 to ${availableParallelism()}, the cores of this machine.`);
  });

  it('answers what would fit where it does not', async () => {
    const model = await writeTinyModel(join(paths.home, 'wide'), { inner: 10_000 });
    const training = { ...config.training, gradient_checkpointing: 'off', precision: 'fp32' } as const;
    const cpu_optimization = { memory_pool_size: 16, use_vectorization: false };
    const rows = { path: writeTinyData(join(paths.home, 'rows.jsonl'), 12, { words: 90 }) };
    const { plan, problem } = await lookIns.plan({ config: { model, data: rows, training, cpu_optimization } });
    expect([plan?.fits, typeof plan?.would_fit, problem]).toEqual([false, 'string', null]);
  });

  it('answers what keeps it from being planned, from before the engine and from within', async () => {
    expect(await lookIns.plan({ config: { ...config, model: 'nobody' } })).toMatchObject({ plan: null, problem: { code: 'FILE_MISSING' } });
    const { problem } = await lookIns.plan({ config: { ...config, lora: { target_modules: ['nothing_proj'] } } });
    expect(problem).toMatchObject({ code: 'TARGET_UNKNOWN', facts: { target: 'nothing_proj' } });
    expect(problem).not.toHaveProperty('stack');
  });
});
