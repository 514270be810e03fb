/** Each switch of the `cpu_optimization` block changes what runs. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isAppError } from '../../shared/errors/app-error.ts';
import type { CpuOptimization } from '../../shared/domain/cpu-optimization.ts';
import type { TrainingConfigInput } from '../../shared/domain/training-config.ts';
import { loadAddon } from '../../compute/tensor/load-addon.ts';
import { recordOf, trainInProcess } from '../support/in-process-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { writeTinyData, writeTinyModel } from '../support/tiny-model.ts';

const folder = temporaryFolder();
let model: string;
let data: string;
let runs = 0;

interface Seen {
  readonly folder: string;
  /** Threads of this process while steps were computed. */
  readonly threads: number;
  readonly panelBytes: number;
  /** Attention calls: one a layer and micro-batch. */
  readonly attentionCalls: number;
}

async function train(cpu: Partial<CpuOptimization>, config: TrainingConfigInput = {}): Promise<Seen> {
  const out = join(folder, `run-${(runs += 1)}`);
  let [threads, panelBytes] = [0, 0];
  await trainInProcess({
    folder: out,
    model,
    data,
    config: {
      data: { holdout_fraction: 0 },
      ...config,
      training: { max_steps: 3, max_epochs: 100, batch_size: 4, gradient_accumulation: 1, ...config.training },
      cpu_optimization: cpu,
    },
    onEvent: ({ event }) => {
      if (event === 'plan') loadAddon().resetCounters();
      if (event !== 'step') return;
      threads = readdirSync('/proc/self/task').length;
      panelBytes = loadAddon().memory().tags['weight panels']?.liveBytes ?? 0;
    },
  });
  return { folder: out, threads, panelBytes, attentionCalls: loadAddon().counters()['attention_forward']?.calls ?? 0 };
}

beforeAll(async () => {
  model = await writeTinyModel(join(folder, 'model'));
  data = writeTinyData(join(folder, 'rows.jsonl'), 60);
});
beforeEach(() => loadAddon().configure({ arenaLimitBytes: 0 }));

describe('cpu_optimization', () => {
  it.skipIf(process.platform !== 'linux')('num_workers: so many kernel threads', async () => {
    const [one, four] = [await train({ num_workers: 1 }), await train({ num_workers: 4 })];
    expect(four.threads - one.threads).toBe(3);
  });

  it('use_simd: false runs the plain reference kernels', async () => {
    const [fast, plain] = [recordOf((await train({})).folder).choices, recordOf((await train({ use_simd: false })).folder).choices];
    expect(plain.isa).toBe('ref');
    expect(Object.values(plain.kernels).filter((name) => !name.includes('ref'))).toEqual([]);
    if (loadAddon().bestIsa() !== 'ref') expect(Object.values(fast.kernels).filter((name) => !name.includes('ref')).length).toBeGreaterThan(0);
  });

  it('use_vectorization: false computes one padded row a sample', async () => {
    const [packed, single] = [await train({ use_vectorization: true }), await train({ use_vectorization: false })];
    expect([recordOf(packed.folder).choices.packing, recordOf(single.folder).choices.packing]).toEqual([true, false]);
    // Three steps of four rows through two layers: packed together, and each on its own.
    expect([packed.attentionCalls, single.attentionCalls]).toEqual([3 * 2, 3 * 4 * 2]);
  });

  it('cache_optimization: false lays no weights out in panels', async () => {
    const [panels, stored] = [await train({ cache_optimization: true }), await train({ cache_optimization: false })];
    expect(panels.panelBytes).toBeGreaterThan(0);
    expect(stored.panelBytes).toBe(0);
    expect([recordOf(panels.folder).choices.panels, recordOf(stored.folder).choices.panels]).toEqual(['packed', 'stored']);
  });
});

describe('memory_pool_size', () => {
  /** Some 400 tokens a row, so that activations count. */
  const long = (): string => {
    const path = join(folder, 'long.jsonl');
    return writeTinyData(path, 24, { words: 160 });
  };
  const rowsOf = { max_steps: 1, batch_size: 4, max_seq_length: 2048, precision: 'fp32' } as const;

  async function choicesWith(pool: number | null): Promise<ReturnType<typeof recordOf>> {
    const out = join(folder, `pool-${(runs += 1)}`);
    const wide = await writeTinyModel(join(folder, 'wide'), { inner: 2048 });
    await trainInProcess({
      folder: out,
      model: wide,
      data: long(),
      config: { training: { ...rowsOf, gradient_accumulation: 1 }, cpu_optimization: { memory_pool_size: pool } },
    });
    return recordOf(out);
  }

  it('cuts micro-batches, then recomputes activations, and bounds the arena', async () => {
    const roomy = await choicesWith(null);
    expect(roomy.choices).toMatchObject({ recompute_activations: false, micro_tokens: 1024 });
    const tight = await choicesWith(42);
    expect(tight.choices).toMatchObject({ recompute_activations: false, micro_tokens: 512 });
    expect(tight.notes.join()).toContain('Micro-batches are cut to 512 tokens');
    const tighter = await choicesWith(27);
    expect(tighter.choices).toMatchObject({ recompute_activations: true, micro_tokens: 512 });
    expect(tighter.notes.join()).toContain('Activations are recomputed');
    // The bound holds for what is allocated, not for the plan alone.
    expect(() => loadAddon().allocate(0, [64 << 20], 'activations')).toThrow(/no memory/);
  });

  it('refuses what cannot be made to fit, and says what would', async () => {
    const config = {
      training: { ...rowsOf, gradient_checkpointing: 'off' as const, batch_size: 8 },
      cpu_optimization: { memory_pool_size: 16, use_vectorization: false },
    };
    const wide = await writeTinyModel(join(folder, 'wider'), { inner: 4096 });
    // Long answers to short questions: cut shorter, they still leave something to learn.
    const data = join(folder, 'answers.jsonl');
    writeFileSync(data, `${JSON.stringify({ prompt: 'route', completion: ' check the cable'.repeat(60) })}\n`.repeat(24));
    const run = trainInProcess({ folder: join(folder, 'refused'), model: wide, data, config });
    const error: unknown = await run.then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(isAppError(error, 'RUN_DOES_NOT_FIT')).toBe(true);
    if (isAppError(error)) expect(error.remedy).toMatch(/--batch-size 1 --max-seq-length \d+ --gradient-checkpointing on it needs .* and fits/);
  });
});
