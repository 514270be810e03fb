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
import { tinyFamilies, type TinyFamilyName } from '../support/tiny-families.ts';
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
  const projections = [...weights.values()].filter(({ name: weight, shape }) => shape.length === 2 && weight.includes('.layers.'));
  const matrices = projections.map(({ name: weight, shape: [outFeatures = 0, inFeatures = 0] }, index) => {
    const [a, b] = [rampValues(index, 4 * inFeatures), rampValues(index + 99, outFeatures * 4)];
    return [weight.replace(/\.weight$/, ''), { a, b, rank: 4, inFeatures, outFeatures }] as const;
  });
  return { rank: 4, alpha: 16, useRsLora: false, dropout: 0, targetModules: [], baseModelName: name, ropeLayout: 'half', matrices: new Map(matrices) };
}

/** As files hold numbers, or a factor of them. */
const asInFiles = (config: object): object =>
  JSON.parse(JSON.stringify(config), (_, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(6)) : value)) as object;

/** llama.cpp does not know the others. */
const known = [
  'llama',
  'qwen2',
  'qwen3',
  'qwen3_yarn',
  'llama_yarn',
  'smollm3',
  'granite',
  'granitemoehybrid',
  'granitemoehybrid_mamba',
  'granitemoehybrid_groups',
  'gemma2',
  'gemma3_text',
  'phi',
  'phi_long',
] as const satisfies readonly TinyFamilyName[];

/** Keys that change nothing, which files do not hold: a window that is switched off, layers that are all alike. */
const unsaid: Readonly<Record<string, readonly string[]>> = { qwen2: ['sliding_window'], granitemoehybrid: ['layer_types'] };

describe.each(known)('%s', { timeout: 120_000 }, (family) => {
  const [tiny, gguf, back] = ['tiny', 'tiny.gguf', 'back'].map((name) => join(folder, `${family}-${name}`)) as [string, string, string];

  it('is the same model as GGUF, and as a folder made of that', async () => {
    await writeTinyModel(tiny, { family: tinyFamilies[family] });
    const source = openModel(tiny);
    await writeMergedGguf(gguf, source, plainMergedWeights(source, null), { dtype: 'f32' });
    const written = openModel(gguf);
    const keys = ['layer_types', 'rope_parameters', 'query_pre_attn_scalar', 'sliding_window', 'head_dim', 'final_logit_softcapping', 'logits_scaling'];
    const told = keys.filter((key) => key in source.config && unsaid[family]?.includes(key) !== true).map((key) => [key, source.config[key]]);
    expect(asInFiles(written.config)).toMatchObject(asInFiles(Object.fromEntries(told) as object));
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
    await writeGgufAdapter(small, adapter, source.config);
    await writeMergedGguf(merged, source, plainMergedWeights(source, adapter), { dtype: 'f32' });
    // Read back, a file that holds a fused module in halves is of another model type.
    if (!family.startsWith('granitemoehybrid')) expect(openAdapterFor(small, source).matrices).toEqual(openAdapterFor(peft, source).matrices);
    const expected = await computed(tiny, peft);
    const effect = meanDifference(expected, await computed(tiny));
    expect(effect).toBeGreaterThan(100 * 1e-5);
    expect(meanDifference(expected, await computed(gguf, small))).toBeLessThan(1e-5);
    expect(meanDifference(expected, await computed(merged))).toBeLessThan(1e-4);
    // Far less than what the adapter does, or what a wrong layout or scale would.
    const bound = Math.min(agreementBounds.f32, effect / 20);
    expect(meanDifference(expected, await inLlama(gguf, small))).toBeLessThan(bound);
    expect(meanDifference(expected, await inLlama(merged))).toBeLessThan(bound);
  });
});

describe('what GGUF cannot say', () => {
  const rope = { position_embedding_type: 'nope' };
  it.each([
    ['gemma2', { query_pre_attn_scalar: 24 }, 'query_pre_attn_scalar 24 cannot be written'],
    ['gemma3_text', { query_pre_attn_scalar: 24 }, 'query_pre_attn_scalar 24 cannot be written'],
    ['qwen2', { use_sliding_window: true }, 'its sliding window cannot be written'],
    ['qwen3', { use_sliding_window: true }, 'its sliding window cannot be written'],
    ['smollm3', { no_rope_layers: [1, 0, 1, 0, 1] }, 'its layers without rope are others than every fourth'],
    ['smollm3', { no_rope_layers: null, no_rope_layer_interval: 2 }, 'its layers without rope are others than every fourth'],
    ['granitemoehybrid', rope, 'its attention has no rope'],
    ['llama_yarn', { rope_scaling: { ...tinyFamilies.llama_yarn.config.rope_scaling, truncate: false } }, 'yarn without truncate cannot be written'],
    ['phi', { rope_scaling: { type: 'linear', factor: 2 } }, 'rope of type linear cannot be written'],
  ] as const)('%s with %j is refused', async (family, config, problem) => {
    const other = await writeTinyModel(join(folder, 'other'), { family: tinyFamilies[family], config });
    const source = openModel(other);
    const written = writeMergedGguf(join(folder, 'other.gguf'), source, plainMergedWeights(source, null), { dtype: 'f32' });
    await expect(written).rejects.toThrow(problem);
  });
});
