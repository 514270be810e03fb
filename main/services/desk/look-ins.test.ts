import { writeFileSync } from 'node:fs';
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

const asAsked = { columns: null, chat_template: null, max_seq_length: 256, train_on: 'assistant', show: 2, model: null } as const;

describe('datasets.preview', { timeout: 60_000 }, () => {
  it('shows rows as the model sees them, with lengths, columns and the mapping', async () => {
    const preview = await lookIns.preview({ ...asAsked, path: projectFiles.demoTest });
    const { facts, samples, lengths, columns, mapping, problem } = preview;
    expect([samples.length, problem, lengths?.counts.reduce((sum, rows) => sum + rows)]).toEqual([2, null, facts['used']]);
    expect(samples[0]?.pieces.map(({ graded }) => graded)).toContain(true);
    expect(Object.values(mapping).every((name) => columns.includes(name))).toBe(true);
  });

  it('names the columns of a file that nobody understands, and takes a mapping', async () => {
    const path = join(paths.home, 'strange.jsonl');
    writeFileSync(path, '{"head":"Where is it?","tail":"There.","x":1}\n');
    const { columns, mapping, problem, problems, samples } = await lookIns.preview({ ...asAsked, path });
    expect([columns, mapping, problem?.code, samples]).toEqual([['head', 'tail', 'x'], {}, 'DATASET_COLUMNS_UNKNOWN', []]);
    expect(problems).toEqual([{ line: 0, problem: expect.stringContaining('head, tail, x') }]);
    const mapped = await lookIns.preview({ ...asAsked, path, columns: { prompt: 'head', completion: 'tail' } });
    expect([mapped.problem, mapped.samples.length, mapped.mapping]).toEqual([null, 1, { prompt: 'head', completion: 'tail' }]);
  });

  it('names the line that is broken', async () => {
    const path = join(paths.home, 'broken.jsonl');
    writeFileSync(path, '{"prompt":"a","completion":"b"}\n{"prompt":\n');
    expect((await lookIns.preview({ ...asAsked, path })).problems).toContainEqual({ line: 2, problem: expect.stringContaining('line 2') });
  });
});

describe('models.inspect', { timeout: 60_000 }, () => {
  it('tells what a model is, by path or name, and that rows are none', async () => {
    expect(await lookIns.inspectModel(projectFiles.embeddedModel)).toMatchObject({ kind: 'model', facts: { format: expect.stringMatching(/gguf/i) } });
    await expect(lookIns.inspectModel(projectFiles.demoTest)).rejects.toMatchObject({ code: 'SHELF_KIND', facts: { kind: 'data file' } });
    await expect(lookIns.inspectModel('nobody')).rejects.toMatchObject({ code: 'FILE_MISSING' });
  });
});
