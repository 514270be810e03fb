/** A real model against its reference run: losses of texts, most probable tokens, greedy text, and training steps. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PackedRows } from '../../compute/data/types.ts';
import { openModel } from '../../compute/formats/open-model.ts';
import { generateTokens, nextLogits } from '../../compute/inference/generate.ts';
import { SequenceCache } from '../../compute/inference/sequence-cache.ts';
import { scoreRows } from '../../compute/inference/score.ts';
import type { CausalModel } from '../../compute/models/causal-model.ts';
import { buildModel } from '../../compute/models/registry.ts';
import { parityBounds } from '../../compute/parity/bounds.ts';
import { setUpEngine } from '../../compute/tensor/engine-setup.ts';
import { loadAddon } from '../../compute/tensor/load-addon.ts';
import type { RealModel } from './real-models.ts';
import { trainReferenceSteps, type ReferenceTraining } from './reference-training.ts';

interface Expected {
  readonly loss: { text: string; ids: number[]; mean_nll: number; token_nll: number[] }[];
  readonly top5: { text: string; ids: number[]; top_ids: number[]; top_logits: number[] }[];
  readonly greedy: { prompt_ids: number[]; greedy_ids: number[]; text: string }[];
  readonly training: ReferenceTraining;
}

const cpu = { num_workers: 2, use_simd: true, use_vectorization: true, cache_optimization: true, memory_pool_size: null };

const wholeText = (ids: readonly number[]): PackedRows => ({
  tokens: Int32Array.from(ids),
  labels: Int32Array.from(ids, (_, t) => ids[t + 1] ?? -100),
  positions: Int32Array.from(ids.keys()),
  segments: Int32Array.of(0, ids.length),
  gradedTokens: ids.length - 1,
});

/** `steps`: of the reference run, which has twenty; each is computed from all before it. */
export function describeReferenceModel(real: RealModel, { steps: wantedSteps }: { readonly steps: number }): void {
  const { path, expectedPath, missing } = real;
  describe.skipIf(missing !== null)(`${real.name}${missing === null ? '' : ` (SKIPPED: ${missing})`}`, { timeout: 180_000 }, () => {
    const expected = expectedPath === null ? ({} as Expected) : (JSON.parse(readFileSync(expectedPath, 'utf8')) as Expected);
    let loaded: CausalModel | undefined;
    const use = (): CausalModel => loaded ?? expect.fail('the model is loaded before the tests');
    beforeAll(() => {
      setUpEngine(cpu, 'fp32');
      loaded = buildModel(openModel(path ?? ''), 'lora');
    });
    afterAll(() => {
      loaded?.dispose();
      expect(loadAddon().memory().liveTensors).toBe(0);
    });

    it('gives every token of the texts the reference loss', () => {
      for (const { ids, token_nll: wanted, mean_nll: mean } of expected.loss) {
        const { losses } = scoreRows(use(), wholeText(ids), { dtype: 'f32' });
        losses.forEach((loss, t) => expect(Math.abs(loss - (wanted[t] ?? NaN))).toBeLessThan(1e-3));
        expect(Math.abs(losses.reduce((sum, loss) => sum + loss, 0) / losses.length - mean)).toBeLessThan(1e-4);
      }
    });

    it('finds the same most probable tokens with the same logits', () => {
      for (const { ids, top_ids: topIds, top_logits: topLogits } of expected.top5) {
        const cache = new SequenceCache({ capacity: ids.length, dtype: 'f32' });
        const logits = nextLogits(use(), cache, ids, 'f32');
        cache.dispose();
        const top = [...logits.keys()].sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0)).slice(0, topIds.length);
        expect(top).toEqual(topIds);
        top.forEach((id, i) => expect(Math.abs((logits[id] ?? NaN) - (topLogits[i] ?? NaN))).toBeLessThan(1e-3));
      }
    });

    it('stays near the reference loss in bf16', () => {
      setUpEngine(cpu, 'bf16');
      for (const { ids, mean_nll: mean } of expected.loss) {
        const { losses } = scoreRows(use(), wholeText(ids), { dtype: 'bf16' });
        expect(Math.abs(losses.reduce((sum, loss) => sum + loss, 0) / losses.length - mean) / mean).toBeLessThan(0.01);
      }
      setUpEngine(cpu, 'fp32');
    });

    it('writes the same greedy text token by token', () => {
      for (const { prompt_ids: prompt, greedy_ids: wanted } of expected.greedy) {
        const options = { dtype: 'f32' as const, maxTokens: wanted.length, stopIds: [], seed: 0, temperature: 0, topP: 1 };
        expect([...generateTokens(use(), prompt, options)]).toEqual(wanted);
      }
    });

    it(`has the reference's losses and gradient norms for ${wantedSteps} training steps`, { timeout: 600_000 }, async () => {
      const steps = await trainReferenceSteps(use(), real, { training: expected.training, steps: wantedSteps });
      expect(steps).toHaveLength(wantedSteps);
      steps.forEach(({ loss, gradNorm }, s) => {
        const wanted = expected.training.steps[s];
        expect(Math.abs(loss - (wanted?.loss ?? NaN))).toBeLessThan(100 * parityBounds.fp32.loss);
        expect(Math.abs(gradNorm / (wanted?.grad_norm ?? NaN) - 1)).toBeLessThan(1e-3);
      });
    });
  });
}
