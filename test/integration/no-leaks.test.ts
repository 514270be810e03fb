/** Nothing native outlives a job: not after its end, not after a stop, not after a failure at any allocation of a step. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { isAppError } from '../../shared/errors/app-error.ts';
import { loraDefaults } from '../../shared/domain/lora-config.ts';
import { trainingDefaults } from '../../shared/domain/training-settings.ts';
import { notGraded, type PackedRows } from '../../compute/data/types.ts';
import { openModel } from '../../compute/formats/open-model.ts';
import { setUpEngine } from '../../compute/tensor/engine-setup.ts';
import { loadAddon } from '../../compute/tensor/load-addon.ts';
import { nativeFailure } from '../../compute/tensor/native-failure.ts';
import { accumulateGradients } from '../../compute/train/gradients.ts';
import { makeTrainee } from '../../compute/train/trainee.ts';
import { trainInProcess } from '../support/in-process-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { tinyFamilies, tinyFamilyNames } from '../support/tiny-families.ts';
import { writeTinyData, writeTinyModel } from '../support/tiny-model.ts';

const folder = temporaryFolder();
const training = { max_steps: 30, max_epochs: 100, batch_size: 4, gradient_accumulation: 2, save_steps: 10, eval_steps: 10 } as const;
let model: string;
let data: string;

const held = (): { tensors: number; bytes: number } => {
  const { liveTensors, arenaBytes } = loadAddon().memory();
  return { tensors: liveTensors, bytes: arenaBytes };
};
const nothing = { tensors: 0, bytes: 0 };

/** 96 tokens in three rows. */
const rows: PackedRows = {
  tokens: new Int32Array(96).map((_, t) => t % 50),
  labels: new Int32Array(96).map((_, t) => (t % 3 === 0 ? (t + 1) % 50 : notGraded)),
  positions: new Int32Array(96).map((_, t) => t % 32),
  segments: Int32Array.from([0, 32, 64, 96]),
  gradedTokens: 32,
};

beforeAll(async () => {
  model = await writeTinyModel(join(folder, 'model'));
  data = writeTinyData(join(folder, 'rows.jsonl'), 100);
});

describe('native memory', () => {
  it('is the same after every step, and all given back at the end', async () => {
    const seen: ReturnType<typeof held>[] = [];
    const onEvent = ({ event }: { event: string }): void => {
      if (event === 'step') seen.push(held());
    };
    await trainInProcess({ folder: join(folder, 'whole'), model, data, config: { training }, onEvent });
    expect(seen).toHaveLength(30);
    expect(seen[1]?.tensors).toBeGreaterThan(0);
    expect(new Set(seen.slice(1).map(({ tensors, bytes }) => `${tensors} ${bytes}`)).size).toBe(1);
    expect(held()).toEqual(nothing);
  });

  it('is all given back after a stop', async () => {
    const stop = new AbortController();
    const onEvent = ({ event }: { event: string }): void => {
      if (event === 'step') stop.abort();
    };
    const run = trainInProcess({ folder: join(folder, 'stopped'), model, data, config: { training }, onEvent, signal: stop.signal });
    await expect(run).rejects.toSatisfy((error) => isAppError(error, 'CANCELLED'));
    expect(held()).toEqual(nothing);
  });

  it('is all given back after a loss that is no number', async () => {
    const broken = await writeTinyModel(join(folder, 'broken'), { infinite: 'layers.1.mlp.down_proj' });
    const run = trainInProcess({ folder: join(folder, 'nan'), model: broken, data, config: { training } });
    await expect(run).rejects.toSatisfy((error) => isAppError(error, 'LOSS_NOT_FINITE'));
    expect(held()).toEqual(nothing);
  });

  it.each([
    {
      name: 'an unknown target',
      make: () => ({ model, config: { training, lora: { target_modules: ['q_proj', 'w_proj'] } } }),
      code: 'TARGET_UNKNOWN' as const,
    },
    {
      name: 'a model whose config lies',
      make: async () => ({ model: await writeTinyModel(join(folder, 'liar'), { config: { intermediate_size: 96 } }), config: { training } }),
      code: 'MODEL_INVALID' as const,
    },
  ])('is all given back after $name', async ({ make, code }) => {
    const run = trainInProcess({ folder: join(folder, code), data, ...(await make()) });
    await expect(run).rejects.toSatisfy((error) => isAppError(error, code));
    expect(held()).toEqual(nothing);
  });
});

/** Lets the arena run out at one allocation after the other; `attempt` must fail cleanly until there is enough. */
function starve(attempt: () => void, { from, to, times = 300 }: { from: number; to: number; times?: number }): number {
  const addon = loadAddon();
  const before = held();
  let failures = 0;
  for (let limit = from + 64; limit < to; limit += Math.max(64, Math.floor((to - from) / times / 64) * 64)) {
    addon.configure({ arenaLimitBytes: limit });
    try {
      attempt();
    } catch (error) {
      if (!isAppError(nativeFailure(error), 'ARENA_FULL')) throw error;
      failures += 1;
      expect(held()).toEqual(before);
    } finally {
      addon.configure({ arenaLimitBytes: 0 });
    }
  }
  return failures;
}

describe.each([{ recompute: false }, { recompute: true }])('memory that runs out (recompute: $recompute)', ({ recompute }) => {
  const config = { lora: loraDefaults, training: trainingDefaults };
  const choices = { precision: 'fp32', panels: 'packed' } as const;

  it('leaves nothing behind, wherever in a step it happens', () => {
    setUpEngine({ num_workers: 2, use_simd: true, use_vectorization: true, cache_optimization: true, memory_pool_size: null }, 'fp32');
    const addon = loadAddon();
    const trainee = makeTrainee(openModel(model), config, choices);
    const step = (): void => {
      accumulateGradients(trainee.model, rows, { dtype: 'f32', normaliser: 32, recompute, dropout: { p: 0.1, seed: 1, microBatch: 0 } });
    };
    try {
      const from = held().bytes;
      addon.resetPeaks();
      step();
      const failures = starve(step, { from, to: addon.memory().arenaPeakBytes });
      expect(failures).toBeGreaterThan(50);
    } finally {
      trainee.dispose();
    }
    expect(held()).toEqual(nothing);
  });

  it('leaves nothing behind while a run is set up', () => {
    const addon = loadAddon();
    const start = (): void => makeTrainee(openModel(model), config, choices).dispose();
    addon.resetPeaks();
    start();
    expect(starve(start, { from: 0, to: addon.memory().arenaPeakBytes })).toBeGreaterThan(50);
    expect(held()).toEqual(nothing);
  });
});

describe.each(tinyFamilyNames)('memory that runs out under %s', (family) => {
  it.each(['lora', 'full'] as const)('leaves nothing behind, while it is set up or in a step: %s', async (mode) => {
    const source = openModel(await writeTinyModel(join(folder, `${family}-${mode}`), { family: tinyFamilies[family] }));
    const config = { lora: { ...loraDefaults, target_modules: 'all-linear' as const }, training: { ...trainingDefaults, mode } };
    const addon = loadAddon();
    const attempt = (): void => {
      const trainee = makeTrainee(source, config, { precision: 'fp32', panels: mode === 'lora' ? 'packed' : 'stored' });
      try {
        accumulateGradients(trainee.model, rows, { dtype: 'f32', normaliser: 32, recompute: false, dropout: null });
      } finally {
        trainee.dispose();
      }
    };
    addon.resetPeaks();
    attempt();
    expect(starve(attempt, { from: 0, to: addon.memory().arenaPeakBytes, times: 80 })).toBeGreaterThan(40);
    expect(held()).toEqual(nothing);
  });
});
