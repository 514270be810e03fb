/**
 * Tiny models of the families through every form they can be written in: the same logits from GGUF as from the folder, and llama.cpp agrees,
 * with and without an adapter.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CheckProgress } from '../../compute/export/check-progress.ts';
import { agreementBounds, meanDifference, type LogProbs } from '../../compute/export/effect-check.ts';
import { engineLogProbs } from '../../compute/export/engine-log-probs.ts';
import { LlamaCpp } from '../../compute/export/llama-log-probs.ts';
import type { AdapterTensors } from '../../compute/formats/adapters/adapter-tensors.ts';
import { writeGgufAdapter } from '../../compute/formats/adapters/gguf-adapter.ts';
import { openAdapterFor } from '../../compute/formats/adapters/open-adapter.ts';
import { writePeftAdapter } from '../../compute/formats/adapters/peft-writer.ts';
import { rotaryHeads } from '../../compute/formats/adapters/rotary-rows.ts';
import { rampValues } from '../../compute/formats/gguf/tiny-gguf.fixture.ts';
import { writeMergedGguf } from '../../compute/formats/merge/merged-gguf.ts';
import { writeMergedHuggingFace } from '../../compute/formats/merge/merged-huggingface.ts';
import { plainMergedWeights } from '../../compute/formats/merge/merged-weights.ts';
import type { ModelSource } from '../../compute/formats/model-source.ts';
import { openModel } from '../../compute/formats/open-model.ts';
import { loadForInference } from '../../compute/inference/load-for-inference.ts';
import { cpuDefaults } from '../../shared/domain/cpu-optimization.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { tinyFamilies } from '../support/tiny-families.ts';
import { writeTinyModel } from '../support/tiny-model.ts';

const folder = temporaryFolder();
const engine = { cpu: cpuDefaults(2), precision: 'fp32' as const };
const context = { emit: () => undefined, signal: new AbortController().signal, cacheDirectory: folder };
const progress = new CheckProgress(context, 'tiny models', 1);
/** Longer than the models' windows. */
const prompts = [Array.from({ length: 30 }, (_, i) => (i * 7 + 5) % 90), Array.from({ length: 23 }, (_, i) => (i * 11 + 3) % 90)];

async function computed(model: string, adapter: string | null = null): Promise<LogProbs[]> {
  using loaded = loadForInference({ model, adapter, engine });
  return await engineLogProbs(loaded, prompts, progress);
}

async function inLlama(model: string, adapter: string | null = null): Promise<LogProbs[]> {
  await using llama = await LlamaCpp.load(model);
  return await llama.logProbs(prompts, { adapter, from: (length) => Math.max(0, length - 12), progress });
}

/** Low-rank changes of every projection, large enough to be seen. */
function adapterFor({ weights, name }: ModelSource): AdapterTensors {
  const projections = [...weights.values()].filter(({ name: weight, shape }) => shape.length === 2 && weight.includes('_proj'));
  const matrices = projections.map(({ name: weight, shape: [outFeatures = 0, inFeatures = 0] }, index) => {
    const [a, b] = [rampValues(index, 4 * inFeatures), rampValues(index + 99, outFeatures * 4)];
    return [weight.replace(/\.weight$/, ''), { a, b, rank: 4, inFeatures, outFeatures }] as const;
  });
  return { rank: 4, alpha: 16, useRsLora: false, dropout: 0, targetModules: [], baseModelName: name, ropeLayout: 'half', matrices: new Map(matrices) };
}

describe.each(['gemma2', 'gemma3_text'] as const)('%s', { timeout: 120_000 }, (family) => {
  const [tiny, gguf, back] = ['tiny', 'tiny.gguf', 'back'].map((name) => join(folder, `${family}-${name}`)) as [string, string, string];

  it('is the same model as GGUF, and as a folder made of that', async () => {
    await writeTinyModel(tiny, { family: tinyFamilies[family] });
    const source = openModel(tiny);
    await writeMergedGguf(gguf, source, plainMergedWeights(source, null), { dtype: 'f32' });
    const written = openModel(gguf);
    const keys = ['layer_types', 'rope_parameters', 'query_pre_attn_scalar', 'sliding_window', 'head_dim', 'final_logit_softcapping'];
    const told = keys.filter((key) => key in source.config).map((key) => [key, source.config[key]]);
    expect(written.config).toMatchObject(Object.fromEntries(told) as object);
    await writeMergedHuggingFace(back, written, plainMergedWeights(written, null), { dtype: 'f32' });
    const expected = await computed(tiny);
    expect(meanDifference(expected, await computed(gguf))).toBeLessThan(1e-6);
    expect(meanDifference(expected, await computed(back))).toBeLessThan(1e-6);
    expect(meanDifference(expected, await inLlama(gguf))).toBeLessThan(agreementBounds.f32);
  });

  it('takes adapters in every form', async () => {
    const source = openModel(tiny);
    const adapter = adapterFor(source);
    const [peft, small, merged] = ['peft', 'adapter.gguf', 'merged.gguf'].map((name) => join(folder, `${family}-${name}`)) as [string, string, string];
    await writePeftAdapter(peft, adapter, rotaryHeads(source.config));
    await writeGgufAdapter(small, adapter, { architecture: source.architecture, heads: rotaryHeads(source.config) });
    await writeMergedGguf(merged, source, plainMergedWeights(source, adapter), { dtype: 'f32' });
    expect(openAdapterFor(small, openModel(gguf)).matrices).toEqual(openAdapterFor(peft, source).matrices);
    const expected = await computed(tiny, peft);
    expect(meanDifference(expected, await computed(tiny))).toBeGreaterThan(0.05);
    expect(meanDifference(expected, await computed(gguf, small))).toBeLessThan(1e-5);
    expect(meanDifference(expected, await computed(merged))).toBeLessThan(1e-4);
    expect(meanDifference(expected, await inLlama(gguf, small))).toBeLessThan(agreementBounds.f32);
    expect(meanDifference(expected, await inLlama(merged))).toBeLessThan(agreementBounds.f32);
  });

  it('is refused as GGUF where the format cannot say what it computes', async () => {
    const other = join(folder, `${family}-other`);
    await writeTinyModel(other, { family: tinyFamilies[family], config: { query_pre_attn_scalar: 24 } });
    const source = openModel(other);
    await expect(writeMergedGguf(join(folder, 'other.gguf'), source, plainMergedWeights(source, null), { dtype: 'f32' })).rejects.toThrow(
      'query_pre_attn_scalar 24 cannot be written',
    );
  });
});
