/** Models that take images too: the language model alone is trained, exactly as it is alone, under the names that PEFT has for it in the whole. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adapterBytes, adapterValues, trainInProcess } from '../../test/support/in-process-run.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { writeTinyData } from '../../test/support/tiny-model.ts';
import { writeTinyWithImages } from '../../test/support/tiny-with-images.ts';
import { openAdapterFor } from '../formats/adapters/open-adapter.ts';
import { writeMergedHuggingFace } from '../formats/merge/merged-huggingface.ts';
import { plainMergedWeights } from '../formats/merge/merged-weights.ts';
import { openModel } from '../formats/open-model.ts';
import { readSafetensors } from '../formats/safetensors/safetensors-reader.ts';

const folder = temporaryFolder();
const data = writeTinyData(join(folder, 'rows.jsonl'), 20);
const training = { max_steps: 2, max_epochs: 10, batch_size: 2, gradient_accumulation: 1, warmup_steps: 0, learning_rate: 1e-2 };
const lora = { target_modules: ['q_proj', 'down_proj'] };

describe.each([
  ['of older releases', 'language_model.model.'],
  ['of newer releases', 'model.language_model.'],
])('Gemma 3 with images, in names %s', (_, place) => {
  const root = join(folder, place);

  it('is trained as its language model is alone', async () => {
    const { path, alone } = await writeTinyWithImages(join(root, 'model'), place);
    expect([...openModel(path).weights.keys()]).toEqual([...openModel(alone).weights.keys()]);
    expect(openModel(path).config).toEqual(openModel(alone).config);
    const notes: string[] = [];
    const onEvent = (event: { event: string; message?: string }): void => {
      if (event.event === 'note') notes.push(event.message ?? '');
    };
    await trainInProcess({ folder: join(root, 'run'), model: path, data, config: { training, lora }, onEvent });
    await trainInProcess({ folder: join(root, 'run-alone'), model: alone, data, config: { training, lora } });
    expect(notes[0]).toBe('This model takes images too; its language model alone is read and trained.');
    expect(adapterValues(join(root, 'run'))).toEqual(adapterValues(join(root, 'run-alone')));
    expect(adapterBytes(join(root, 'run'))).not.toEqual(adapterBytes(join(root, 'run-alone')));
  });

  it('has an adapter in the names of PEFT, which fits the whole and the language model alone', () => {
    const adapter = join(root, 'run', 'adapter');
    const names = readSafetensors(join(adapter, 'adapter_model.safetensors')).tensors.map(({ name }) => name);
    expect(names).toContain('base_model.model.model.language_model.layers.0.self_attn.q_proj.lora_A.weight');
    expect(names.every((name) => name.startsWith('base_model.model.model.language_model.layers.'))).toBe(true);
    const config = JSON.parse(readFileSync(join(adapter, 'adapter_config.json'), 'utf8')) as { target_modules: string };
    const targets = new RegExp(`^(?:${config.target_modules})$`);
    expect(names.every((name) => targets.test(name.replace('base_model.model.', '').replace(/\.lora_[AB]\.weight$/, '')))).toBe(true);
    expect(targets.test('model.vision_tower.encoder.layers.0.self_attn.q_proj')).toBe(false);
    const fits = ['model', 'model-alone'].map((name) => openAdapterFor(adapter, openModel(join(root, name))).matrices);
    expect(fits[0]).toEqual(fits[1]);
    expect([...(fits[0]?.keys() ?? [])][0]).toBe('model.layers.0.mlp.down_proj');
  });

  it('goes on from its adapter', async () => {
    const config = { training, lora: { init_adapter: join(root, 'run', 'adapter') } };
    await trainInProcess({ folder: join(root, 'further'), model: join(root, 'model'), data, config });
    expect(adapterValues(join(root, 'further'))).not.toEqual(adapterValues(join(root, 'run')));
  });

  it('is merged into its language model', async () => {
    const source = openModel(join(root, 'model'));
    const merged = join(root, 'merged');
    await writeMergedHuggingFace(merged, source, plainMergedWeights(source, openAdapterFor(join(root, 'run', 'adapter'), source)), { dtype: 'f32' });
    const config = JSON.parse(readFileSync(join(merged, 'config.json'), 'utf8')) as object;
    expect(config).toMatchObject({ architectures: ['Gemma3ForCausalLM'], model_type: 'gemma3_text' });
    expect({ ...openModel(merged).config, dtype: null }).toEqual({ ...source.config, dtype: null });
    expect([...openModel(merged).weights.keys()].toSorted()).toEqual([...source.weights.keys()].toSorted());
  });
});
