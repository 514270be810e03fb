/**
 * Phi-3, 3.5 and 4 mini: as llama, but q, k and v are one module and gate and up another, rope turns a part of each head and may be long
 * (two lists of frequencies, chosen by how far a batch reaches), and a sliding window is every layer's.
 * After Abdin et al. 2024 and Hugging Face's modeling_phi3.py, whose config keys it reads.
 */
import { z } from 'zod';
import { DecoderLayer } from '../nn/decoder-layer.ts';
import { RopeParameters, turnedValues } from '../nn/rotary.ts';
import type { CausalModel } from './causal-model.ts';
import { Decoder } from './decoder.ts';
import { DecoderConfig, parseConfig, windowOf } from './decoder-config.ts';
import type { WeightLoader } from './weight-loader.ts';

const Phi3Config = DecoderConfig.extend({
  rope_parameters: RopeParameters,
  hidden_act: z.literal('silu'),
}).superRefine(({ rope_parameters: rope, head_dim: headSize }, context) => {
  if (rope.rope_type !== 'longrope') return;
  const pairs = turnedValues(rope, headSize) / 2;
  for (const key of ['short_factor', 'long_factor'] as const)
    if (rope[key].length !== pairs)
      context.addIssue({ code: 'custom', path: ['rope_parameters', key], message: `it has ${rope[key].length} numbers for ${pairs} frequencies` });
});

export function phi3(weights: WeightLoader): CausalModel {
  const config = parseConfig(Phi3Config, weights.source);
  const rotary = weights.rotary(config.head_dim, config.rope_parameters);
  return new Decoder(weights, config, {
    layer: (modules) =>
      new DecoderLayer({
        inputNorm: modules.norm('input_layernorm'),
        mixer: modules.attention({ rotary, window: windowOf(config, modules.index), fused: 'qkv_proj' }),
        mlpNorm: modules.norm('post_attention_layernorm'),
        mlp: modules.fusedMlp({ gateUp: 'mlp.gate_up_proj', down: 'mlp.down_proj' }),
      }),
  });
}
