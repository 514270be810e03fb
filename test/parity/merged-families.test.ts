/**
 * Tiny models of the families with an adapter of every projection, plain or with DoRA's magnitudes, merged into each form from each form: the
 * same logits as those of the base with the adapter beside it.
 */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { CheckProgress } from '../../compute/export/check-progress.ts';
import { meanDifference, type LogProbs } from '../../compute/export/effect-check.ts';
import { engineLogProbs } from '../../compute/export/engine-log-probs.ts';
import type { AdapterTensors } from '../../compute/formats/adapters/adapter-tensors.ts';
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
import { tinyFamilies, tinyFamilyNames, type TinyFamilyName } from '../support/tiny-families.ts';
import { writeTinyGguf, writeTinyModel } from '../support/tiny-model.ts';

const folder = temporaryFolder();
const engine = { cpu: cpuDefaults(2), precision: 'fp32' as const };
const context = { emit: () => undefined, signal: new AbortController().signal, cacheDirectory: folder };
/** Longer than the models' windows. */
const prompts = [Array.from({ length: 20 }, (_, i) => (i * 7 + 5) % 90)];
/** What no GGUF file can hold. */
const foldersOnly: readonly TinyFamilyName[] = ['vaultgemma'];

async function computed(model: string, adapter: string | null = null): Promise<LogProbs[]> {
  using loaded = loadForInference({ model, adapter, engine });
  return await engineLogProbs(loaded, prompts, new CheckProgress(context, 'tiny models', 1));
}

/** Low-rank changes of every projection, large enough to be seen; with DoRA lengths that are neither the base's nor the sum's. */
async function adapterFor(source: ModelSource, isDora: boolean): Promise<AdapterTensors> {
  const projections = [...source.weights.values()].filter(({ name, shape }) => shape.length === 2 && name.includes('.layers.'));
  const base = plainMergedWeights(source, null);
  const matrices = projections.map(async (weight, index) => {
    const [outFeatures = 0, inFeatures = 0] = weight.shape;
    const values = await base.rows(weight, 0, outFeatures);
    const magnitude = Float32Array.from({ length: outFeatures }, (_, row) => {
      const length = Math.hypot(...values.subarray(row * inFeatures, (row + 1) * inFeatures));
      return length * (0.7 + 0.07 * (row % 9));
    });
    const [a, b] = [rampValues(index, 4 * inFeatures), rampValues(index + 99, outFeatures * 4)];
    return [weight.name.replace(/\.weight$/, ''), { a, b, rank: 4, inFeatures, outFeatures, ...(isDora ? { magnitude } : {}) }] as const;
  });
  const { name: baseModelName, ropeLayout } = source;
  return {
    ...{ rank: 4, alpha: 12, useRsLora: false, dropout: 0, targetModules: [] },
    baseModelName,
    ropeLayout,
    matrices: new Map(await Promise.all(matrices)),
  };
}

/** Writes the base with the adapter in it, and reads it again. */
const merging = {
  'a GGUF file': async (path: string, source: ModelSource, adapter: AdapterTensors) =>
    await writeMergedGguf(path, source, plainMergedWeights(source, adapter), { dtype: 'f32' }),
  'a folder': async (path: string, source: ModelSource, adapter: AdapterTensors) =>
    await writeMergedHuggingFace(path, source, plainMergedWeights(source, adapter), { dtype: 'f32' }),
} as const;

describe.each(tinyFamilyNames)('%s', { timeout: 60_000 }, (family) => {
  const bases = { 'a folder': join(folder, family), 'a GGUF file': join(folder, `${family}.gguf`) } as const;
  const forms = (Object.keys(bases) as (keyof typeof bases)[]).filter((form) => form === 'a folder' || !foldersOnly.includes(family));
  const cases = forms.flatMap((from) => forms.flatMap((to) => (['LoRA', 'DoRA'] as const).map((kind) => [kind, from, to] as const)));

  beforeAll(async () => {
    await writeTinyModel(bases['a folder'], { family: tinyFamilies[family] });
    if (forms.length > 1) await writeTinyGguf(bases['a GGUF file'], bases['a folder'], 'f32');
  });

  it.each(cases)('%s of %s is in %s what it is beside its base', async (kind, from, to) => {
    const source = openModel(bases[from]);
    const [peft, merged] = ['peft', 'merged'].map((name) => join(folder, [family, kind, from, to, name].join('-'))) as [string, string];
    const adapter = await adapterFor(source, kind === 'DoRA');
    await writePeftAdapter(peft, adapter, rotaryHeads(source.config));
    await merging[to](merged, source, openAdapterFor(peft, source));
    const expected = await computed(source.path, peft);
    // Far more than rounding, so that a projection left out would show.
    expect(meanDifference(expected, await computed(source.path))).toBeGreaterThan(100 * 1e-5);
    expect(meanDifference(expected, await computed(merged))).toBeLessThan(1e-5);
  });
});
