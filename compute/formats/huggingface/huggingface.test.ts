/** Hugging Face folders: old and new configs come out the same; folders that lack something are refused by file and key. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parityFamilies, parityFolder } from '../../../test/support/parity-fixtures.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { openModel } from '../open-model.ts';
import { writeSafetensors } from '../safetensors/safetensors-writer.ts';
import { float32Tensor } from '../tensor-to-write.ts';
import { normaliseConfig } from './normalise-config.ts';

const folder = temporaryFolder();
const base = { model_type: 'llama', hidden_size: 8, num_hidden_layers: 2, num_attention_heads: 2, vocab_size: 4 };
const normalise = (config: unknown, hasOutputWeight = true): Record<string, unknown> => normaliseConfig(config, { path: 'config.json', hasOutputWeight });

describe('normaliseConfig', () => {
  it('fills in what is silent', () => {
    expect(normalise(base)).toEqual({
      ...base,
      head_dim: 4,
      num_key_value_heads: 2,
      tie_word_embeddings: false,
      rope_parameters: { rope_theta: 10000, rope_type: 'default' },
    });
    expect(normalise(base, false)).toMatchObject({ tie_word_embeddings: true });
    expect(normalise({ ...base, model_type: 'smollm3' })['rope_parameters']).toEqual({ rope_theta: 2e6, rope_type: 'default' });
  });

  it('reads both spellings of rope', () => {
    const scaling = { factor: 8, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 64 };
    const old = normalise({ ...base, torch_dtype: 'float32', rope_theta: 5e5, rope_scaling: { type: 'llama3', ...scaling } });
    const today = normalise({ ...base, dtype: 'float32', rope_parameters: { rope_type: 'llama3', rope_theta: 5e5, ...scaling } });
    expect(old).toEqual(today);
    expect(old['rope_parameters']).toEqual({ ...scaling, rope_theta: 5e5, rope_type: 'llama3' });
  });

  it('derives layer types from a sliding window pattern', () => {
    expect(normalise({ ...base, sliding_window_pattern: 2 })['layer_types']).toEqual(['sliding_attention', 'full_attention']);
  });

  it('names the key that is wrong', () => {
    expect(() => normalise({ ...base, hidden_size: 'wide' })).toThrow('key hidden_size');
    expect(() => normalise({ ...base, vocab_size: undefined })).toThrow('key vocab_size');
    expect(() => normalise({ ...base, num_hidden_layers: 2 ** 50, sliding_window_pattern: 2 })).toThrow('key num_hidden_layers');
    expect(() => normalise([])).toThrow('config.json');
    expect(() => normalise({ model_type: 'mllama', text_config: base })).toThrow('only the language model');
  });

  it('takes the language model out of a Gemma 3 with images, and what its text_config leaves unsaid', () => {
    // As gemma-3-4b-it has it.
    const text = { hidden_size: 2560, intermediate_size: 10_240, model_type: 'gemma3_text', num_hidden_layers: 34, sliding_window: 1024 };
    const scaling = { rope_scaling: { factor: 8, rope_type: 'linear' } };
    const config = normalise({ model_type: 'gemma3', torch_dtype: 'bfloat16', eos_token_id: [1, 106], text_config: { ...text, ...scaling } });
    expect(config).toMatchObject({ ...text, dtype: 'bfloat16', eos_token_id: [1, 106], vocab_size: 262_208, num_attention_heads: 8, num_key_value_heads: 4 });
    expect(config).toMatchObject({ head_dim: 256, query_pre_attn_scalar: 256, tie_word_embeddings: true, architectures: ['Gemma3ForCausalLM'] });
    expect(config['rope_parameters']).toEqual({
      full_attention: { factor: 8, rope_theta: 1e6, rope_type: 'linear' },
      sliding_attention: { rope_theta: 1e4, rope_type: 'default' },
    });
  });
});

describe.skipIf(parityFolder === null)('the reference folders (skipped where ../shared/parity is missing)', () => {
  it.each(parityFamilies)('%s: both configs come out the same', (family) => {
    const read = (name: string): unknown => JSON.parse(readFileSync(join(parityFolder ?? '', family, name), 'utf8'));
    expect(normalise(read('config.legacy.json'))).toEqual(normalise(read('config.json')));
  });

  it.each(parityFamilies)('%s opens', (family) => {
    const model = openModel(join(parityFolder ?? '', family));
    expect(model.architecture).toBe(model.config['model_type']);
    expect(model.weights.get('model.embed_tokens.weight')?.shape).toEqual([model.config['vocab_size'], model.config['hidden_size']]);
  });
});

describe('openHuggingFaceModel', () => {
  const weight = float32Tensor('model.embed_tokens.weight', [4, 8], new Float32Array(32));
  const made = (name: string, files: Readonly<Record<string, unknown>>): string => {
    const place = join(folder, name);
    mkdirSync(place);
    for (const [file, content] of Object.entries(files)) writeFileSync(join(place, file), typeof content === 'string' ? content : JSON.stringify(content));
    return place;
  };

  it('reads shards, template and licence', async () => {
    const place = made('sharded', {
      'config.json': base,
      'model.safetensors.index.json': { weight_map: { 'model.embed_tokens.weight': 'm-1.safetensors', 'lm_head.weight': 'm-2.safetensors' } },
      'tokenizer_config.json': { chat_template: [{ name: 'default', template: 'T' }] },
      'README.md': '---\nlicense: apache-2.0\n---\n',
    });
    await writeSafetensors(join(place, 'm-1.safetensors'), [weight]);
    await writeSafetensors(join(place, 'm-2.safetensors'), [{ ...weight, name: 'lm_head.weight' }]);
    const model = openModel(place);
    expect([...model.weights.keys()].toSorted()).toEqual(['lm_head.weight', 'model.embed_tokens.weight']);
    expect(model).toMatchObject({ chatTemplate: 'T', licence: 'apache-2.0', name: 'sharded' });
    expect(await model.sha256()).toMatch(/^[0-9a-f]{64}$/);
  });

  it('drops a stored output weight that the config ties', async () => {
    const place = made('tied', { 'config.json': { ...base, tie_word_embeddings: true } });
    await writeSafetensors(join(place, 'model.safetensors'), [weight, { ...weight, name: 'lm_head.weight' }]);
    expect([...openModel(place).weights.keys()]).toEqual(['model.embed_tokens.weight']);
  });

  it('refuses what is missing, by name', () => {
    expect(() => openModel(join(folder, 'nowhere'))).toThrow('Model not found');
    expect(() => openModel(made('empty', {}))).toThrow('is not a model');
    expect(() => openModel(made('pickled', { 'config.json': base, 'pytorch_model.bin': '' }))).toThrow('pickled .bin weights are not read');
    expect(() => openModel(made('escaping', { 'config.json': base, 'model.safetensors.index.json': { weight_map: { w: '../../secret' } } }))).toThrow(
      'not in the folder',
    );
    expect(() => openModel(made('broken', { 'config.json': '{', 'model.safetensors.index.json': { weight_map: {} } }))).toThrow('it is no JSON');
    expect(() => openModel(made('missing-shard', { 'config.json': base, 'model.safetensors.index.json': { weight_map: { w: 'w.safetensors' } } }))).toThrow(
      'Model weights not found',
    );
  });

  it('asks which of several GGUF files is meant', () => {
    expect(() => openModel(made('several', { 'a.gguf': '', 'b.gguf': '' }))).toThrow('a.gguf, b.gguf');
  });
});
