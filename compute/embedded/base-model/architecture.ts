/** The embedded base model's shape: a small Llama with tied embeddings and grouped heads. Every matrix dimension is a multiple of 32, so Q8_0 fits. */
import { specialRoles, specialTokens } from '../tokenizer/chat-format.ts';
import { baseVocabularySize } from './vocabulary.ts';

export const baseArchitecture = {
  hiddenSize: 128,
  layers: 4,
  heads: 4,
  keyValueHeads: 2,
  headSize: 32,
  intermediateSize: 384,
  maxPositions: 1024,
} as const;

/** The contents of config.json. */
export function baseModelConfig(): object {
  const { hiddenSize, layers, heads, keyValueHeads, headSize, intermediateSize, maxPositions } = baseArchitecture;
  return {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    vocab_size: baseVocabularySize,
    hidden_size: hiddenSize,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: keyValueHeads,
    head_dim: headSize,
    intermediate_size: intermediateSize,
    max_position_embeddings: maxPositions,
    hidden_act: 'silu',
    rms_norm_eps: 1e-5,
    rope_theta: 10_000,
    tie_word_embeddings: true,
    attention_bias: false,
    mlp_bias: false,
    bos_token_id: specialTokens.indexOf(specialRoles.begin),
    eos_token_id: specialTokens.indexOf(specialRoles.end),
    pad_token_id: specialTokens.indexOf(specialRoles.padding),
    torch_dtype: 'float32',
  };
}

/** Every weight of the model by its Hugging Face name, outermost dimension first. Vectors are norms. */
export function baseTensorShapes(): (readonly [string, readonly number[]])[] {
  const { hiddenSize, layers, heads, keyValueHeads, headSize, intermediateSize } = baseArchitecture;
  const perLayer: readonly (readonly [string, readonly number[]])[] = [
    ['input_layernorm', [hiddenSize]],
    ['self_attn.q_proj', [heads * headSize, hiddenSize]],
    ['self_attn.k_proj', [keyValueHeads * headSize, hiddenSize]],
    ['self_attn.v_proj', [keyValueHeads * headSize, hiddenSize]],
    ['self_attn.o_proj', [hiddenSize, heads * headSize]],
    ['post_attention_layernorm', [hiddenSize]],
    ['mlp.gate_proj', [intermediateSize, hiddenSize]],
    ['mlp.up_proj', [intermediateSize, hiddenSize]],
    ['mlp.down_proj', [hiddenSize, intermediateSize]],
  ];
  const inLayers = Array.from({ length: layers }, (_, layer) =>
    perLayer.map(([name, shape]) => [`model.layers.${String(layer)}.${name}.weight`, shape] as const),
  ).flat();
  return [['model.embed_tokens.weight', [baseVocabularySize, hiddenSize]], ...inLayers, ['model.norm.weight', [hiddenSize]]];
}
