/** Yarn's frequencies and attention factor, from what configs say, against transformers. */
import { describe, expect, it } from 'vitest';
import { normaliseConfig } from '../formats/huggingface/normalise-config.ts';
import { inverseFrequencies, RopeParameters } from '../nn/rotary.ts';

const base = { model_type: 'llama', hidden_size: 64, num_hidden_layers: 1, num_attention_heads: 4, head_dim: 32, vocab_size: 64, rope_theta: 1e4 };
const scaling = { factor: 8, original_max_position_embeddings: 512 };
const blended = [
  ...[1, 0.5623413324356079, 0.2766992747783661, 0.13337095081806183, 0.0624999962747097, 0.028117062523961067, 0.011858541518449783, 0.004445698577910662],
  ...[0.0012499999720603228, 0.0007029266562312841, 0.00039528473280370235, 0.00022228492889553308, 0.0001250000059371814, 7.029266271274537e-5],
  ...[3.9528473280370235e-5, 2.2228492525755428e-5],
];

/** Printed by transformers 5.24.0, torch 2.15.0: `ROPE_INIT_FUNCTIONS["yarn"](config, "cpu")` of Qwen2Config (the first) and LlamaConfig. */
const expected = {
  'as Qwen 2.5 has it': {
    config: { max_position_embeddings: 131_072, rope_parameters: { rope_type: 'yarn', factor: 4, original_max_position_embeddings: 32_768, rope_theta: 1e6 } },
    attention: 1.138629436111989,
    frequencies: [
      ...[1, 0.4216965138912201, 0.17782793939113617, 0.07498941570520401, 0.03162277862429619, 0.01333521492779255, 0.00477990135550499],
      ...[0.001659961650148034, 0.0005499999970197678, 0.00016867858357727528, 4.4456985051510856e-5, 1.8747356079984456e-5, 7.905693564680405e-6],
      ...[3.3338035336782923e-6, 1.405853367941745e-6, 5.928434347879374e-7],
    ],
  },
  'in the older spelling': {
    config: { max_position_embeddings: 4096, rope_scaling: { type: 'yarn', ...scaling } },
    attention: 1.2079441541679836,
    frequencies: blended,
  },
  'without its original context': {
    config: { max_position_embeddings: 512, rope_scaling: { type: 'yarn', factor: 8 } },
    attention: 1.2079441541679836,
    frequencies: blended,
  },
  'with an attention factor': {
    config: { max_position_embeddings: 4096, rope_scaling: { rope_type: 'yarn', ...scaling, attention_factor: 1.5 } },
    attention: 1.5,
    frequencies: blended,
  },
  'with all its keys': {
    config: {
      max_position_embeddings: 4096,
      rope_scaling: { rope_type: 'yarn', ...scaling, beta_fast: 16, beta_slow: 2, truncate: false, mscale: 1, mscale_all_dim: 0.5 },
    },
    attention: 1.094179988101349,
    frequencies: [
      ...[1, 0.5623413324356079, 0.3162277638912201, 0.1704140305519104, 0.07160846143960953, 0.026647143065929413, 0.007324998266994953],
      ...[0.002222849288955331, ...blended.slice(8)],
    ],
  },
} as const;

describe('yarn', () => {
  it.each(Object.entries(expected))('%s', (_, { config, attention, frequencies }) => {
    const { rope_parameters: rope } = normaliseConfig({ ...base, ...config }, { path: 'config.json', hasOutputWeight: false });
    const parameters = RopeParameters.parse(rope);
    expect(parameters).toMatchObject({ rope_type: 'yarn' });
    expect('attention_factor' in parameters && parameters.attention_factor).toBeCloseTo(attention, 12);
    const ours = inverseFrequencies(parameters, 32, 0);
    expect(ours).toHaveLength(frequencies.length);
    // A unit in the last place of f32, for a power that is rounded otherwise.
    frequencies.forEach((frequency, pair) => {
      expect(Math.abs((ours[pair] ?? NaN) / frequency - 1)).toBeLessThan(2.4e-7);
    });
  });
});
