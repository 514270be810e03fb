/** Shapes of published models whose weights are not at hand: what random-model.ts fills with noise. Numbers as in the models' config.json. */

export interface ModelShape {
  /** Of config.json, beside what every shape has. */
  readonly config: Readonly<Record<string, unknown>> & {
    readonly model_type: string;
    readonly vocab_size: number;
    readonly hidden_size: number;
    readonly num_hidden_layers: number;
    readonly tie_word_embeddings: boolean;
  };
  /** Weights of a layer, without `model.layers.N.` and `.weight`. */
  readonly layer: readonly NamedShape[];
  /** What a norm's weights are, so that it does nothing: Gemma stores them minus 1. */
  readonly norm: 0 | 1;
}

export type NamedShape = readonly [name: string, shape: readonly number[]];

interface Sizes {
  readonly hidden: number;
  readonly inner: number;
  readonly heads: number;
  readonly keyHeads: number;
  readonly headSize: number;
}

const projections = ({ hidden, heads, keyHeads, headSize }: Sizes): NamedShape[] => [
  ['self_attn.q_proj', [heads * headSize, hidden]],
  ['self_attn.k_proj', [keyHeads * headSize, hidden]],
  ['self_attn.v_proj', [keyHeads * headSize, hidden]],
  ['self_attn.o_proj', [hidden, heads * headSize]],
];

const norms = (hidden: number, second: string): NamedShape[] => [
  ['input_layernorm', [hidden]],
  [second, [hidden]],
];

const gated = ({ hidden, inner }: Sizes): NamedShape[] => [
  ['mlp.gate_proj', [inner, hidden]],
  ['mlp.up_proj', [inner, hidden]],
  ['mlp.down_proj', [hidden, inner]],
];

const sizeKeys = ({ hidden, inner, heads, keyHeads, headSize }: Sizes) => ({
  hidden_size: hidden,
  intermediate_size: inner,
  num_attention_heads: heads,
  num_key_value_heads: keyHeads,
  head_dim: headSize,
});

interface Rest {
  readonly layers: number;
  readonly vocabulary: number;
  readonly context: number;
  readonly theta: number;
}

function llama(sizes: Sizes, { layers, vocabulary, context, theta }: Rest): ModelShape {
  const keys = { model_type: 'llama', vocab_size: vocabulary, num_hidden_layers: layers, max_position_embeddings: context, rope_theta: theta };
  return {
    config: { ...keys, ...sizeKeys(sizes), hidden_act: 'silu', rms_norm_eps: 1e-5, tie_word_embeddings: true },
    layer: [...norms(sizes.hidden, 'post_attention_layernorm'), ...projections(sizes), ...gated(sizes)],
    norm: 1,
  };
}

function granite(sizes: Sizes, layers: number): ModelShape {
  const { hidden, inner } = sizes;
  return {
    config: {
      ...{ model_type: 'granitemoehybrid', vocab_size: 100_352, num_hidden_layers: layers, max_position_embeddings: 32_768 },
      ...sizeKeys(sizes),
      ...{ shared_intermediate_size: inner, num_local_experts: 0, num_experts_per_tok: 0, mamba_n_heads: 32 },
      ...{ embedding_multiplier: 12, logits_scaling: 4, residual_multiplier: 0.25, attention_multiplier: 4 / hidden },
      ...{ hidden_act: 'silu', rms_norm_eps: 1e-6, attention_bias: false, tie_word_embeddings: true },
      ...{ position_embedding_type: 'rope', rope_parameters: { rope_type: 'default', rope_theta: 1e7 } },
      layer_types: Array.from({ length: layers }, () => 'full_attention'),
    },
    layer: [
      ...norms(hidden, 'post_attention_layernorm'),
      ...projections(sizes),
      ['shared_mlp.input_linear', [2 * inner, hidden]],
      ['shared_mlp.output_linear', [hidden, inner]],
    ],
    norm: 1,
  };
}

function vaultgemma(sizes: Sizes): ModelShape {
  const layers = 26;
  return {
    config: {
      ...{ model_type: 'vaultgemma', vocab_size: 256_000, num_hidden_layers: layers, max_position_embeddings: 1024, ...sizeKeys(sizes) },
      ...{ hidden_activation: 'gelu_pytorch_tanh', rms_norm_eps: 1e-6, attention_bias: false, tie_word_embeddings: true, rope_theta: 10_000 },
      ...{ query_pre_attn_scalar: 256, attn_logit_softcapping: 50, final_logit_softcapping: 30, sliding_window: 512 },
      layer_types: Array.from({ length: layers }, () => 'full_attention'),
    },
    layer: [...norms(sizes.hidden, 'pre_feedforward_layernorm'), ...projections(sizes), ...gated(sizes)],
    norm: 0,
  };
}

function phi3(sizes: Sizes, layers: number): ModelShape {
  const { hidden, inner, heads, keyHeads, headSize } = sizes;
  return {
    config: {
      ...{ model_type: 'phi3', vocab_size: 32_064, num_hidden_layers: layers, max_position_embeddings: 4096, ...sizeKeys(sizes) },
      ...{ original_max_position_embeddings: 4096, rope_theta: 10_000, rope_scaling: null, sliding_window: null },
      ...{ hidden_act: 'silu', rms_norm_eps: 1e-5, tie_word_embeddings: false },
    },
    layer: [
      ...norms(hidden, 'post_attention_layernorm'),
      ['self_attn.qkv_proj', [(heads + 2 * keyHeads) * headSize, hidden]],
      ['self_attn.o_proj', [hidden, heads * headSize]],
      ['mlp.gate_up_proj', [2 * inner, hidden]],
      ['mlp.down_proj', [hidden, inner]],
    ],
    norm: 1,
  };
}

export const modelShapes = {
  'smollm2-135m': llama({ hidden: 576, inner: 1536, heads: 9, keyHeads: 3, headSize: 64 }, { layers: 30, vocabulary: 49_152, context: 8192, theta: 100_000 }),
  'llama-3.2-1b': llama(
    { hidden: 2048, inner: 8192, heads: 32, keyHeads: 8, headSize: 64 },
    { layers: 16, vocabulary: 128_256, context: 131_072, theta: 500_000 },
  ),
  'vaultgemma-1b': vaultgemma({ hidden: 1152, inner: 6912, heads: 4, keyHeads: 4, headSize: 256 }),
  'granite-4.0-350m': granite({ hidden: 1024, inner: 2048, heads: 16, keyHeads: 4, headSize: 64 }, 28),
  'granite-4.0-1b': granite({ hidden: 2048, inner: 4096, heads: 16, keyHeads: 4, headSize: 128 }, 40),
  'phi-3.5-mini': phi3({ hidden: 3072, inner: 8192, heads: 32, keyHeads: 32, headSize: 96 }, 32),
} as const satisfies Record<string, ModelShape>;

export type ModelShapeName = keyof typeof modelShapes;

/** Every weight of a shape, by Hugging Face's names. */
export function weightShapes({ config, layer }: ModelShape): NamedShape[] {
  const { vocab_size: vocabulary, hidden_size: hidden, num_hidden_layers: layers, tie_word_embeddings: isTied } = config;
  const inLayers = Array.from({ length: layers }, (_, n) => layer.map(([name, shape]): NamedShape => [`model.layers.${n}.${name}.weight`, shape]));
  const head: NamedShape[] = isTied ? [] : [['lm_head.weight', [vocabulary, hidden]]];
  return [['model.embed_tokens.weight', [vocabulary, hidden]], ...inLayers.flat(), ['model.norm.weight', [hidden]], ...head];
}
