/** Tiny models of other families than llama, for `writeTinyModel`. Windows are shorter than the texts of tests, head sizes are not hidden / heads. */
import type { TinyFamily } from './tiny-model.ts';

const [hidden, headSize] = [64, 32] as const;
const gemma = { hidden_activation: 'gelu_pytorch_tanh', head_dim: headSize, query_pre_attn_scalar: headSize, sliding_window: 8, rms_norm_eps: 1e-6 };
const preNorm = { pre_feedforward_layernorm: hidden };
const outputNorms = { ...preNorm, post_feedforward_layernorm: hidden };

export const tinyFamilies = {
  gemma2: {
    config: { ...gemma, architectures: ['Gemma2ForCausalLM'], model_type: 'gemma2', attn_logit_softcapping: 5, final_logit_softcapping: 3 },
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
    config: { ...gemma, architectures: ['VaultGemmaForCausalLM'], model_type: 'vaultgemma', attn_logit_softcapping: 5, final_logit_softcapping: 3 },
    vectors: preNorm,
    without: ['post_attention_layernorm'],
    normsAroundZero: true,
  },
} as const satisfies Record<string, TinyFamily>;
