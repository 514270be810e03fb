/**
 * Granite 3: llama with four multipliers, of the embedding, of each branch, of the attention scores and (as a divisor) of the logits. After
 * Hugging Face's modeling_granite.py.
 */
import { z } from 'zod';
import { DecoderLayer } from '../nn/decoder-layer.ts';
import { RopeParameters } from '../nn/rotary.ts';
import type { CausalModel } from './causal-model.ts';
import { Decoder } from './decoder.ts';
import { DecoderConfig, parseConfig } from './decoder-config.ts';
import type { WeightLoader } from './weight-loader.ts';

/** What the multipliers are where a config is silent: 1, the attention's too. */
export const GraniteConfig = DecoderConfig.extend({
  rope_parameters: RopeParameters,
  hidden_act: z.literal('silu'),
  attention_bias: z.boolean().default(false),
  embedding_multiplier: z.number().default(1),
  residual_multiplier: z.number().default(1),
  attention_multiplier: z.number().default(1),
  logits_scaling: z.number().positive().default(1),
});
export type GraniteConfig = z.infer<typeof GraniteConfig>;

export const graniteScales = (config: GraniteConfig): { readonly embeddingScale: number; readonly logitScale: number } => ({
  embeddingScale: config.embedding_multiplier,
  logitScale: 1 / config.logits_scaling,
});

export function granite(weights: WeightLoader): CausalModel {
  const config = parseConfig(GraniteConfig.extend({ mlp_bias: z.boolean().default(false) }), weights.source);
  const rotary = weights.rotary(config.head_dim, config.rope_parameters);
  const bias = { qkv: config.attention_bias, o: config.attention_bias };
  return new Decoder(weights, config, {
    ...graniteScales(config),
    layer: (modules) =>
      new DecoderLayer({
        inputNorm: modules.norm('input_layernorm'),
        mixer: modules.attention({ rotary, scale: config.attention_multiplier, bias }),
        mlpNorm: modules.norm('post_attention_layernorm'),
        mlp: modules.gatedMlp({ bias: config.mlp_bias }),
        residualScale: config.residual_multiplier,
      }),
  });
}
