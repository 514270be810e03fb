/**
 * The llama family: Llama 2 and 3, SmolLM2; and Mistral, which may have a sliding window. RMS norm, rotary grouped-query attention, SwiGLU,
 * tied or untied output. After Touvron et al. 2023 and Hugging Face's modeling_llama.py / modeling_mistral.py, whose config keys it reads.
 */
import { z } from 'zod';
import { DecoderLayer } from '../nn/decoder-layer.ts';
import { RopeParameters } from '../nn/rotary.ts';
import type { CausalModel } from './causal-model.ts';
import { Decoder } from './decoder.ts';
import { DecoderConfig, parseConfig, windowOf } from './decoder-config.ts';
import type { WeightLoader } from './weight-loader.ts';

const LlamaConfig = DecoderConfig.extend({
  rope_parameters: RopeParameters,
  hidden_act: z.literal('silu'),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
});

export const llama = (weights: WeightLoader): CausalModel => build(weights, () => 0);
export const mistral = (weights: WeightLoader): CausalModel => build(weights, windowOf);

function build(weights: WeightLoader, window: typeof windowOf): CausalModel {
  const config = parseConfig(LlamaConfig, weights.source);
  const rotary = weights.rotary(config.head_dim, config.rope_parameters);
  const { attention_bias: bias, mlp_bias: mlpBias } = config;
  return new Decoder(weights, config, {
    layer: (modules) =>
      new DecoderLayer({
        inputNorm: modules.norm('input_layernorm'),
        mixer: modules.attention({ rotary, window: window(config, modules.index), bias: { qkv: bias, o: bias } }),
        mlpNorm: modules.norm('post_attention_layernorm'),
        mlp: modules.gatedMlp({ bias: mlpBias }),
      }),
  });
}
