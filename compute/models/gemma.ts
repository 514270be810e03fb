/**
 * The Gemma families: Gemma 2, Gemma 3's language model, VaultGemma. Embeddings times sqrt(C), norms by (w + 1), GeGLU, an attention scale
 * of its own, layers with a sliding window between layers that see everything.
 * After Hugging Face's modeling_gemma2.py, modeling_gemma3.py and modeling_vaultgemma.py, whose config keys it reads.
 */
import { z } from 'zod';
import { DecoderLayer } from '../nn/decoder-layer.ts';
import { RopeParameters, type Rotary } from '../nn/rotary.ts';
import type { CausalModel } from './causal-model.ts';
import { Decoder, type DecoderOptions } from './decoder.ts';
import { DecoderConfig, parseConfig, windowOf } from './decoder-config.ts';
import type { LayerLoader } from './layer-loader.ts';
import type { WeightLoader } from './weight-loader.ts';

const LayerType = z.enum(['sliding_attention', 'full_attention']);
const softcap = z.number().positive().nullish();

const GemmaConfig = DecoderConfig.extend({
  hidden_activation: z.literal('gelu_pytorch_tanh').default('gelu_pytorch_tanh'),
  query_pre_attn_scalar: z.number().positive(),
  attention_bias: z.boolean().default(false),
  final_logit_softcapping: softcap,
  use_bidirectional_attention: z.literal(false).nullish(),
  layer_types: z.array(LayerType).nullish(),
});
type GemmaConfig = z.infer<typeof GemmaConfig>;

const Gemma2Config = GemmaConfig.extend({ rope_parameters: RopeParameters, attn_logit_softcapping: softcap });

const localRope = RopeParameters.parse({ rope_type: 'default', rope_theta: 10_000 });

/** A rope for each type of layer; older configs that tell of one mean the layers that see everything. */
const Gemma3Config = GemmaConfig.extend({
  rope_parameters: z.union([
    z.object({ full_attention: RopeParameters, sliding_attention: RopeParameters }),
    RopeParameters.transform((full) => ({ full_attention: full, sliding_attention: localRope })),
  ]),
});

/** Every second layer sees everything. Scores and logits have soft caps. */
export const gemma2 = (weights: WeightLoader): CausalModel => buildGemma2(weights, { outputNorms: true });

/** Gemma 2 without norms after attention and MLP. */
export const vaultgemma = (weights: WeightLoader): CausalModel => buildGemma2(weights, { outputNorms: false });

function buildGemma2(weights: WeightLoader, { outputNorms }: { readonly outputNorms: boolean }): CausalModel {
  const config = withLayerTypes(parseConfig(Gemma2Config, weights.source), 2);
  const rotary = weights.rotary(config.head_dim, config.rope_parameters);
  const attention = { rotary, softcap: config.attn_logit_softcapping ?? 0 };
  return new Decoder(
    weights,
    config,
    decoderOptions(config, (modules) => gemmaLayer(modules, config, { ...attention, outputNorms })),
  );
}

/** Every sixth layer sees everything; the others turn by a rope of their own. q and k are normed. */
export function gemma3(weights: WeightLoader): CausalModel {
  const config = withLayerTypes(parseConfig(Gemma3Config, weights.source), 6);
  const rotaries = {
    full_attention: weights.rotary(config.head_dim, config.rope_parameters.full_attention),
    sliding_attention: weights.rotary(config.head_dim, config.rope_parameters.sliding_attention),
  };
  const layer = (modules: LayerLoader): DecoderLayer =>
    gemmaLayer(modules, config, { rotary: rotaries[config.layer_types[modules.index] ?? 'full_attention'], headNorms: true, outputNorms: true });
  return new Decoder(weights, config, decoderOptions(config, layer));
}

/** The types of the layers: the config's, or one that sees everything at the end of each `period`. */
function withLayerTypes<Config extends GemmaConfig>(config: Config, period: number): Config & { readonly layer_types: readonly z.infer<typeof LayerType>[] } {
  const types = Array.from({ length: config.num_hidden_layers }, (_, layer) => ((layer + 1) % period === 0 ? 'full_attention' : 'sliding_attention'));
  return { ...config, layer_types: config.layer_types ?? types };
}

const decoderOptions = (config: GemmaConfig, layer: DecoderOptions['layer']): DecoderOptions => ({
  layer,
  embeddingScale: Math.fround(Math.sqrt(config.hidden_size)), // in f32, as the reference computes it there and llama.cpp always
  logitSoftcap: config.final_logit_softcapping ?? 0,
  normOffset: 1,
});

interface GemmaLayerOptions {
  readonly rotary: Rotary;
  readonly softcap?: number;
  readonly headNorms?: boolean;
  readonly outputNorms: boolean;
}

function gemmaLayer(modules: LayerLoader, config: GemmaConfig, { outputNorms, ...attention }: GemmaLayerOptions): DecoderLayer {
  const { query_pre_attn_scalar: scalar, attention_bias: bias } = config;
  return new DecoderLayer({
    inputNorm: modules.norm('input_layernorm'),
    mixer: modules.attention({ ...attention, window: windowOf(config, modules.index), scale: scalar ** -0.5, bias: { qkv: bias, o: bias } }),
    ...(outputNorms ? { mixerOutputNorm: modules.norm('post_attention_layernorm') } : {}),
    mlpNorm: modules.norm('pre_feedforward_layernorm'),
    mlp: modules.gatedMlp({ activation: 'gelu_tanh' }),
    ...(outputNorms ? { mlpOutputNorm: modules.norm('post_feedforward_layernorm') } : {}),
  });
}
