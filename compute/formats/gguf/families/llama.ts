/** Llama 2 and 3, SmolLM2, and Mistral, which GGUF files all call llama. */
import { decoderConfig, decoderMetadata } from './decoder-keys.ts';
import { ropeMetadata, ropeParameters } from '../rope-config.ts';
import type { GgufFamily, GgufFamilyFacts } from '../gguf-family.ts';
import type { GgufValueToWrite } from '../gguf-writer.ts';

export const llama: GgufFamily = {
  architecture: 'llama',
  modelTypes: ['llama', 'mistral'],
  className: 'LlamaForCausalLM',
  ropeLayout: 'interleaved',
  names: {
    token_embd: 'model.embed_tokens',
    output_norm: 'model.norm',
    output: 'lm_head',
    rope_freqs: 'rope_freqs',
    'blk.{n}.attn_norm': 'model.layers.{n}.input_layernorm',
    'blk.{n}.attn_q': 'model.layers.{n}.self_attn.q_proj',
    'blk.{n}.attn_k': 'model.layers.{n}.self_attn.k_proj',
    'blk.{n}.attn_v': 'model.layers.{n}.self_attn.v_proj',
    'blk.{n}.attn_output': 'model.layers.{n}.self_attn.o_proj',
    'blk.{n}.ffn_norm': 'model.layers.{n}.post_attention_layernorm',
    'blk.{n}.ffn_gate': 'model.layers.{n}.mlp.gate_proj',
    'blk.{n}.ffn_up': 'model.layers.{n}.mlp.up_proj',
    'blk.{n}.ffn_down': 'model.layers.{n}.mlp.down_proj',
  },
  ignored: ['blk.{n}.attn_rot_embd', 'blk.{n}.attn_rotary_embd'],
  config,
  metadata,
};

function config(facts: GgufFamilyFacts): Record<string, unknown> {
  const { tensors } = facts;
  return {
    ...decoderConfig(facts, 'llama'),
    attention_bias: tensors.has('blk.0.attn_q.bias'),
    hidden_act: 'silu',
    mlp_bias: tensors.has('blk.0.ffn_up.bias'),
    rope_parameters: ropeParameters(facts, 'llama'),
  };
}

function metadata(config: Readonly<Record<string, unknown>>, path: string): Map<string, GgufValueToWrite> {
  return new Map([...decoderMetadata(config, 'llama'), ...ropeMetadata(config, 'llama', path)]);
}
