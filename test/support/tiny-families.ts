/** Tiny models of all families, for `writeTinyModel`. Windows are shorter than the texts of tests, head sizes are not hidden / heads. */
import type { TinyFamily, TinyLayer } from './tiny-model.ts';

const [hidden, headSize] = [64, 32] as const;
const gemma = { hidden_activation: 'gelu_pytorch_tanh', head_dim: headSize, query_pre_attn_scalar: headSize, sliding_window: 8, rms_norm_eps: 1e-6 };
const preNorm = { pre_feedforward_layernorm: hidden };
const multipliers = { embedding_multiplier: 12, residual_multiplier: 0.22, attention_multiplier: 0.0625, logits_scaling: 4 };
const inner = 128;
/** Eight heads of 16 with states of 24, one for each group of heads, and four taps: in place of attention. */
const mamba = (groups: number): TinyLayer => {
  const mixed = 128 + 2 * groups * 24;
  return {
    vectors: { 'mamba.conv1d.bias': mixed, 'mamba.dt_bias': 8, 'mamba.A_log': 8, 'mamba.D': 8, 'mamba.norm': 128 },
    matrices: { 'mamba.in_proj': [128 + mixed + 8, hidden], 'mamba.conv1d': [mixed, 1, 4], 'mamba.out_proj': [hidden, 128] },
    without: ['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj', 'self_attn.o_proj'],
  };
};
const mambaSizes = { mamba_n_heads: 8, mamba_d_head: 16, mamba_d_state: 24, mamba_n_groups: 1, mamba_d_conv: 4, mamba_expand: 2 };
const graniteMamba = {
  config: {
    ...{ architectures: ['GraniteMoeHybridForCausalLM'], model_type: 'granitemoehybrid', ...multipliers, ...mambaSizes, num_local_experts: 0 },
    ...{ shared_intermediate_size: inner, position_embedding_type: 'nope', num_hidden_layers: 3, layer_types: ['mamba', 'mamba', 'attention'] },
  },
  without: ['mlp.gate_proj', 'mlp.up_proj', 'mlp.down_proj'],
  matrices: { 'shared_mlp.input_linear': [2 * inner, hidden], 'shared_mlp.output_linear': [hidden, inner] },
  firstLayers: [mamba(1), mamba(1)],
} as const satisfies TinyFamily;
const outputNorms = { ...preNorm, post_feedforward_layernorm: hidden };

const qwen3 = {
  config: { architectures: ['Qwen3ForCausalLM'], model_type: 'qwen3', rope_theta: 1e6, head_dim: headSize },
  vectors: { 'self_attn.q_norm': headSize, 'self_attn.k_norm': headSize },
} as const satisfies TinyFamily;

/** Half of each head is turned, as in Phi-4 mini. */
const phi3 = {
  config: { architectures: ['Phi3ForCausalLM'], model_type: 'phi3', partial_rotary_factor: 0.5, original_max_position_embeddings: 2048 },
  without: ['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj', 'mlp.gate_proj', 'mlp.up_proj'],
  matrices: { 'self_attn.qkv_proj': [2 * hidden, hidden], 'mlp.gate_up_proj': [2 * inner, hidden] },
} as const satisfies TinyFamily;

export const tinyFamilies = {
  llama: { config: {} },
  qwen2: {
    config: { architectures: ['Qwen2ForCausalLM'], model_type: 'qwen2', rope_theta: 1e6, sliding_window: 8, use_sliding_window: false },
    vectors: { 'self_attn.q_proj.bias': 64, 'self_attn.k_proj.bias': 32, 'self_attn.v_proj.bias': 32 },
  },
  qwen3,
  qwen3_yarn: {
    ...qwen3,
    config: { ...qwen3.config, rope_scaling: { type: 'yarn', factor: 4, original_max_position_embeddings: 16 }, max_position_embeddings: 64 },
  },
  llama_yarn: {
    config: {
      ...{ rope_theta: 1e5, max_position_embeddings: 2048 },
      rope_scaling: { rope_type: 'yarn', factor: 8, original_max_position_embeddings: 256, attention_factor: 1.5, beta_fast: 16, beta_slow: 2 },
    },
  },
  smollm3: {
    config: { architectures: ['SmolLM3ForCausalLM'], model_type: 'smollm3', rope_theta: 5e6, num_hidden_layers: 5, no_rope_layers: [1, 1, 1, 0, 1] },
  },
  granite: { config: { architectures: ['GraniteForCausalLM'], model_type: 'granite', ...multipliers } },
  granitemoehybrid: {
    config: {
      ...{ architectures: ['GraniteMoeHybridForCausalLM'], model_type: 'granitemoehybrid', ...multipliers, num_local_experts: 0 },
      ...{ shared_intermediate_size: inner, position_embedding_type: 'rope', layer_types: ['attention', 'attention'] },
    },
    without: ['mlp.gate_proj', 'mlp.up_proj', 'mlp.down_proj'],
    matrices: { 'shared_mlp.input_linear': [2 * inner, hidden], 'shared_mlp.output_linear': [hidden, inner] },
  },
  granitemoehybrid_mamba: graniteMamba,
  granitemoehybrid_groups: { ...graniteMamba, config: { ...graniteMamba.config, mamba_n_groups: 2 }, firstLayers: [mamba(2), mamba(2)] },
  // llama.cpp looks for Phi-3's own tokens in models whose name says phi3.
  phi: phi3,
  phi_long: {
    ...phi3,
    config: {
      ...phi3.config,
      original_max_position_embeddings: 16,
      rope_scaling: { type: 'longrope', short_factor: [1, 1.1, 1.2, 1.3], long_factor: [1, 2, 3, 4] },
    },
  },
  gemma2: {
    config: { ...gemma, architectures: ['Gemma2ForCausalLM'], model_type: 'gemma2', attn_logit_softcapping: 4.5, final_logit_softcapping: 2.5 },
    vectors: outputNorms,
    normsAroundZero: true,
  },
  gemma3_text: {
    config: {
      ...gemma,
      architectures: ['Gemma3ForCausalLM'],
      model_type: 'gemma3_text',
      num_hidden_layers: 3,
      sliding_window_pattern: 3,
      rope_theta: 1e6,
      rope_local_base_freq: 20_000,
      rope_scaling: { rope_type: 'linear', factor: 8 },
    },
    vectors: { ...outputNorms, 'self_attn.q_norm': headSize, 'self_attn.k_norm': headSize },
    normsAroundZero: true,
  },
  vaultgemma: {
    config: { ...gemma, architectures: ['VaultGemmaForCausalLM'], model_type: 'vaultgemma', attn_logit_softcapping: 4.5, final_logit_softcapping: 2.5 },
    vectors: preNorm,
    without: ['post_attention_layernorm'],
    normsAroundZero: true,
  },
} as const satisfies Record<string, TinyFamily>;

export type TinyFamilyName = keyof typeof tinyFamilies;
export const tinyFamilyNames = Object.keys(tinyFamilies) as readonly TinyFamilyName[];
