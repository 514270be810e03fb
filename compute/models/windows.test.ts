/** Which layers have a sliding window, by what the configs of the families say: seen by how far back a token can change the last logits. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { tinyFamilies } from '../../test/support/tiny-families.ts';
import { writeTinyModel } from '../../test/support/tiny-model.ts';
import { Tape } from '../autograd/tape.ts';
import { openModel } from '../formats/open-model.ts';
import { passTensors } from '../nn/pass.ts';
import { loadAddon } from '../tensor/load-addon.ts';
import { fromInts, scope } from '../tensor/tensor.ts';
import { logitsOf } from './logits.ts';
import { buildModel } from './registry.ts';

const folder = temporaryFolder();
const length = 16;
const far = 2;

beforeAll(() => loadAddon().configure({ isa: loadAddon().bestIsa(), threads: 2 }));

/** The last logits of a text whose token `far` is this one. */
function lastLogits(path: string, token: number): Float32Array {
  const model = buildModel(openModel(path), 'lora');
  try {
    const tokens = Int32Array.from({ length }, (_, t) => (t === far ? token : 7 * t + 5));
    return scope(() => {
      const layout = passTensors(Int32Array.from(tokens.keys()), Int32Array.of(0, length));
      const pass = { tape: new Tape({ recording: false }), dtype: 'f32' as const, ...layout, cache: null, dropout: null };
      const hidden = model.forward(pass, fromInts(tokens), { recompute: false });
      return logitsOf(model, hidden.value, { from: length - 1, to: length });
    });
  } finally {
    model.dispose();
  }
}

// Two layers with a window of 4 see 7 tokens back at most; one layer without it sees all.
const window = { sliding_window: 4, use_sliding_window: true };
const narrow = ['sliding_attention', 'sliding_attention'];

describe('a token far back', () => {
  it.each([
    ['qwen2', { ...window, max_window_layers: 0 }, false],
    ['qwen2', { ...window, max_window_layers: 1 }, true],
    ['qwen2', { ...window, max_window_layers: 0, use_sliding_window: false }, true],
    ['qwen2', { ...window, max_window_layers: 2, layer_types: narrow }, false],
    ['qwen3', { ...window, max_window_layers: 0 }, false],
    ['qwen3', { ...window, layer_types: ['full_attention', 'sliding_attention'] }, true],
    ['smollm3', { ...window, num_hidden_layers: 2, no_rope_layers: [0, 0] }, false],
    ['smollm3', { ...window, num_hidden_layers: 2, no_rope_layers: [1, 0] }, true],
    ['smollm3', { ...window, num_hidden_layers: 2, no_rope_layers: [1, 1], layer_types: narrow }, false],
    ['smollm3', { ...window, num_hidden_layers: 2, no_rope_layers: [0, 0], use_sliding_window: false }, true],
    ['llama', { model_type: 'mistral', sliding_window: 4 }, false],
    ['llama', { model_type: 'mistral', sliding_window: null }, true],
    ['llama', { sliding_window: 4 }, true],
  ] as const)('%s with %j: is seen %s', async (family, config, isSeen) => {
    const path = await writeTinyModel(join(folder, 'model'), { family: tinyFamilies[family], config });
    const [one, other] = [lastLogits(path, 11), lastLogits(path, 200)];
    expect(one.some((logit, i) => logit !== other[i])).toBe(isSeen);
  });
});

it('refuses a config that the family does not compute, by its key', async () => {
  const build = async (family: keyof typeof tinyFamilies, config: object): Promise<void> => {
    const path = await writeTinyModel(join(folder, 'refused'), { family: tinyFamilies[family], config: { ...config } });
    buildModel(openModel(path), 'lora').dispose();
  };
  await expect(build('qwen2', { hidden_act: 'relu' })).rejects.toThrow('config key hidden_act');
  await expect(build('qwen3', { rope_scaling: { type: 'dynamic', factor: 4 } })).rejects.toThrow('config key rope_parameters');
  await expect(build('granite', { logits_scaling: 0 })).rejects.toThrow('config key logits_scaling');
  await expect(build('granitemoehybrid', { num_local_experts: 8 })).rejects.toThrow('config key num_local_experts');
  const unknown = { code: 'ARCHITECTURE_UNSUPPORTED', remedy: expect.stringContaining('qwen2, qwen3, smollm3, granite') as string };
  await expect(build('llama', { model_type: 'qwen9' })).rejects.toMatchObject(unknown);
  expect(loadAddon().memory().liveTensors).toBe(0);
});
