/**
 * Granite 4.0: Granite 3's multipliers over layers of attention, with or without rope, or of Mamba-2, and an MLP whose gate and up are one
 * module. Models with experts are refused. After Hugging Face's modeling_granitemoehybrid.py.
 */
import { z } from 'zod';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Block } from '../nn/block.ts';
import { DecoderLayer } from '../nn/decoder-layer.ts';
import type { CausalModel } from './causal-model.ts';
import { Decoder } from './decoder.ts';
import { parseConfig } from './decoder-config.ts';
import { GraniteConfig, graniteScales } from './granite.ts';
import type { LayerLoader, MambaOptions } from './layer-loader.ts';
import type { WeightLoader } from './weight-loader.ts';

/** JSON has no infinity; Hugging Face writes it as an object. */
const Bound = z.union([z.number(), z.object({ __float__: z.literal('Infinity') }).transform(() => Infinity)]);

const GraniteHybridConfig = GraniteConfig.extend({
  shared_intermediate_size: z.int().positive().default(1024),
  num_local_experts: z.literal(0, { error: 'models with experts are not in this version' }),
  layer_types: z.array(z.enum(['full_attention', 'linear_attention'])),
  position_embedding_type: z.string().nullish(),
  mamba_n_heads: z.int().positive().default(128),
  mamba_d_head: z.union([z.int().positive(), z.literal('auto')]).default('auto'),
  mamba_d_state: z.int().positive().default(256),
  mamba_n_groups: z.int().positive().default(1),
  mamba_d_conv: z.int().min(1).max(16).default(4),
  mamba_expand: z.number().positive().default(2),
  mamba_conv_bias: z.boolean().default(true),
  mamba_proj_bias: z.literal(false, { error: 'biases of Mamba projections are not in this version' }).default(false),
  time_step_limit: z.tuple([Bound, Bound]).nullish(),
});
type GraniteHybridConfig = z.infer<typeof GraniteHybridConfig>;

function mambaOptions(config: GraniteHybridConfig, path: string): MambaOptions {
  const { mamba_n_heads: heads, mamba_n_groups: groups } = config;
  const inner = config.mamba_expand * config.hidden_size;
  const headSize = config.mamba_d_head === 'auto' ? inner / heads : config.mamba_d_head;
  const wrong = (key: string, problem: string): AppError => new AppError('MODEL_INVALID', { path, problem: `config key ${key}: ${problem}` });
  if (heads * headSize !== inner) throw wrong('mamba_n_heads', `${heads} heads of ${headSize} are not ${inner} wide`);
  if (heads % groups !== 0) throw wrong('mamba_n_groups', `${heads} heads are no ${groups} equal groups`);
  const [leastDelta, mostDelta] = config.time_step_limit ?? [0, Infinity];
  return {
    ...{ heads, headSize, groups, stateSize: config.mamba_d_state, leastDelta, mostDelta },
    convolutionWidth: config.mamba_d_conv,
    convolutionBias: config.mamba_conv_bias,
  };
}

export function graniteHybrid(weights: WeightLoader): CausalModel {
  const config = parseConfig(GraniteHybridConfig, weights.source);
  const rotary = config.position_embedding_type === 'rope' ? weights.rotary(config.head_dim, config.rope_parameters) : null;
  const bias = { qkv: config.attention_bias, o: config.attention_bias };
  const mixer = (modules: LayerLoader): Block => {
    if (config.layer_types[modules.index] === 'linear_attention') return modules.mamba('mamba', mambaOptions(config, weights.source.path));
    return modules.attention({ rotary, scale: config.attention_multiplier, bias });
  };
  // GGUF files hold gate and up apart.
  const isApart = weights.has('model.layers.0.mlp.gate_proj.weight');
  const fused = { gateUp: 'shared_mlp.input_linear', down: 'shared_mlp.output_linear', inner: config.shared_intermediate_size };
  const mlp = (modules: LayerLoader): Block => (isApart ? modules.gatedMlp() : modules.fusedMlp(fused));
  return new Decoder(weights, config, {
    ...graniteScales(config),
    layer: (modules) =>
      new DecoderLayer({
        inputNorm: modules.norm('input_layernorm'),
        mixer: mixer(modules),
        mlpNorm: modules.norm('post_attention_layernorm'),
        mlp: mlp(modules),
        residualScale: config.residual_multiplier,
      }),
  });
}
