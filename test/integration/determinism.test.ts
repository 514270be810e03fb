/** What may differ between two runs of the same bits, and what may not: threads, panels, recomputation, packing. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TrainingConfigInput } from '../../shared/domain/training-config.ts';
import { adapterBytes, adapterValues, recordOf, trainInProcess } from '../support/in-process-run.ts';
import { hasInt8 } from '../support/int8-products.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { writeTinyData, writeTinyModel } from '../support/tiny-model.ts';

/**
 * Packed and padded rows are summed in another order. Largest difference of an adapter value after 20 steps of rate 1e-3, so of up to 0.02
 * that a value can move: in fp32, and where activations are rounded to bf16 or to bytes.
 */
const packingBounds = { fp32: 5e-5, bf16: 4e-3, int8: 4e-3 } as const;

const folder = temporaryFolder();
let model: string;
let data: string;
let runs = 0;

const training = { max_steps: 20, max_epochs: 100, batch_size: 4, gradient_accumulation: 2, learning_rate: 1e-3, warmup_steps: 0, save_steps: 100 } as const;

async function train(config: TrainingConfigInput): Promise<string> {
  const out = join(folder, `run-${(runs += 1)}`);
  await trainInProcess({ folder: out, model, data, config: { ...config, training: { ...training, ...config.training } } });
  return out;
}

const largestDifference = (a: Float32Array, b: Float32Array): number => a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (b[i] ?? NaN))), 0);

beforeAll(async () => {
  model = await writeTinyModel(join(folder, 'model'));
  data = writeTinyData(join(folder, 'rows.jsonl'), 100);
});

describe.each(hasInt8 ? (['fp32', 'bf16', 'int8'] as const) : (['fp32', 'bf16'] as const))('a run in %s', (precision) => {
  it('gives the same bytes on one, two and three threads', async () => {
    const [one, two, three] = [1, 2, 3].map((num_workers) => ({ training: { precision }, cpu_optimization: { num_workers } }));
    const first = adapterBytes(await train(one ?? {}));
    expect(adapterBytes(await train(two ?? {})).equals(first)).toBe(true);
    expect(adapterBytes(await train(three ?? {})).equals(first)).toBe(true);
    // And another seed gives others, so the comparison can fail.
    expect(adapterBytes(await train({ training: { precision, seed: 1 } })).equals(first)).toBe(false);
  });

  it('gives the same bytes whether weights are packed into panels or read as they are stored', async () => {
    const [packed, stored] = [
      await train({ training: { precision } }),
      await train({ training: { precision }, cpu_optimization: { cache_optimization: false } }),
    ];
    expect([recordOf(packed).choices.panels, recordOf(stored).choices.panels]).toEqual(['packed', 'stored']);
    expect(adapterBytes(stored).equals(adapterBytes(packed))).toBe(true);
  });

  it('gives the same bytes whether activations are kept or recomputed', async () => {
    const [kept, recomputed] = [
      await train({ training: { precision, gradient_checkpointing: 'off' } }),
      await train({ training: { precision, gradient_checkpointing: 'on' } }),
    ];
    expect([recordOf(kept).choices.recompute_activations, recordOf(recomputed).choices.recompute_activations]).toEqual([false, true]);
    expect(adapterBytes(recomputed).equals(adapterBytes(kept))).toBe(true);
  });

  it('agrees within rounding whether rows are packed or padded', async () => {
    const lora = { dropout: 0 }; // masks are drawn by place, so dropout differs between the layouts
    const [packed, padded] = [
      await train({ training: { precision }, lora }),
      await train({ training: { precision }, lora, cpu_optimization: { use_vectorization: false } }),
    ];
    expect([recordOf(packed).choices.packing, recordOf(padded).choices.packing]).toEqual([true, false]);
    expect(largestDifference(adapterValues(packed), adapterValues(padded))).toBeLessThan(packingBounds[precision]);
  });
});
