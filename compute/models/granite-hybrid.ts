/**
 * Granite 4.0: Granite 3's multipliers over layers of attention, with or without rope, and an MLP whose gate and up are one module. Models with
 * experts or with Mamba layers are refused. After Hugging Face's modeling_granitemoehybrid.py.
 */
import { z } from 'zod';
import { DecoderLayer } from '../nn/decoder-layer.ts';
import type { CausalModel } from './causal-model.ts';
import { Decoder } from './decoder.ts';
import { parseConfig } from './decoder-config.ts';
import { GraniteConfig, graniteScales } from './granite.ts';
import type { WeightLoader } from './weight-loader.ts';

const GraniteHybridConfig = GraniteConfig.extend({
  shared_intermediate_size: z.int().positive().default(1024),
  num_local_experts: z.literal(0),
  layer_types: z.array(z.literal('full_attention')),
  position_embedding_type: z.string().nullish(),
});

export function graniteHybrid(weights: WeightLoader): CausalModel {
  const config = parseConfig(GraniteHybridConfig, weights.source);
  const rotary = config.position_embedding_type === 'rope' ? weights.rotary(config.head_dim, config.rope_parameters) : null;
  const bias = { qkv: config.attention_bias, o: config.attention_bias };
  return new Decoder(weights, config, {
    ...graniteScales(config),
    layer: (modules) =>
      new DecoderLayer({
        inputNorm: modules.norm('input_layernorm'),
        mixer: modules.attention({ rotary, scale: config.attention_multiplier, bias }),
        mlpNorm: modules.norm('post_attention_layernorm'),
        mlp: modules.fusedMlp({ gateUp: 'shared_mlp.input_linear', down: 'shared_mlp.output_linear', inner: config.shared_intermediate_size }),
        residualScale: config.residual_multiplier,
      }),
  });
}
