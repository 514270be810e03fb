/**
 * SmolLM3: llama in which some layers, every fourth as published, do without rope (NoPE, Yang et al. 2025). After Hugging Face's
 * modeling_smollm3.py.
 */
import { z } from 'zod';
import { DecoderLayer } from '../nn/decoder-layer.ts';
import { RopeParameters } from '../nn/rotary.ts';
import type { CausalModel } from './causal-model.ts';
import { Decoder } from './decoder.ts';
import { DecoderConfig, parseConfig, windowOf } from './decoder-config.ts';
import type { WeightLoader } from './weight-loader.ts';

const SmolLm3Config = DecoderConfig.extend({
  rope_parameters: RopeParameters,
  hidden_act: z.literal('silu'),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  /** 1: the layer has rope; 0: it has none. */
  no_rope_layers: z.array(z.int()).nullish(),
  no_rope_layer_interval: z.int().positive().default(4),
  use_sliding_window: z.boolean().default(false),
});
type SmolLm3Config = z.infer<typeof SmolLm3Config>;

function hasRope({ no_rope_layers: flags, no_rope_layer_interval: interval }: SmolLm3Config, layer: number): boolean {
  return flags == null ? (layer + 1) % interval !== 0 : (flags[layer] ?? 1) !== 0;
}

/** Without layer types it is the layers without rope that have the window. */
function slidingWindow(config: SmolLm3Config, layer: number): number {
  if (!config.use_sliding_window || (config.layer_types == null && hasRope(config, layer))) return 0;
  return windowOf(config, layer);
}

export function smollm3(weights: WeightLoader): CausalModel {
  const config = parseConfig(SmolLm3Config, weights.source);
  const rotary = weights.rotary(config.head_dim, config.rope_parameters);
  const bias = { qkv: config.attention_bias, o: config.attention_bias };
  return new Decoder(weights, config, {
    layer: (modules) =>
      new DecoderLayer({
        inputNorm: modules.norm('input_layernorm'),
        mixer: modules.attention({
          rotary: hasRope(config, modules.index) ? rotary : null,
          window: slidingWindow(config, modules.index),
          bias,
        }),
        mlpNorm: modules.norm('post_attention_layernorm'),
        mlp: modules.gatedMlp({ bias: config.mlp_bias }),
      }),
  });
}
