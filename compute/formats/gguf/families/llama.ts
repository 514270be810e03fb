/** Llama 2 and 3, SmolLM2, and Mistral, which GGUF files all call llama. */
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
  const { metadata, tensors } = facts;
  const key = (name: string): string => `llama.${name}`;
  const hidden = metadata.number(key('embedding_length'));
  const heads = metadata.number(key('attention.head_count'));
  return {
    attention_bias: tensors.has('blk.0.attn_q.bias'),
    head_dim: metadata.optionalNumber(key('attention.key_length')) ?? metadata.optionalNumber(key('rope.dimension_count')) ?? hidden / heads,
    hidden_act: 'silu',
    hidden_size: hidden,
    intermediate_size: metadata.number(key('feed_forward_length')),
    max_position_embeddings: metadata.number(key('context_length')),
    mlp_bias: tensors.has('blk.0.ffn_up.bias'),
    num_attention_heads: heads,
    num_hidden_layers: metadata.number(key('block_count')),
    num_key_value_heads: metadata.optionalNumber(key('attention.head_count_kv')) ?? heads,
    rms_norm_eps: metadata.number(key('attention.layer_norm_rms_epsilon')),
    rope_parameters: ropeParameters(facts, 'llama'),
    vocab_size: tensors.get('token_embd.weight')?.shape[0] ?? metadata.number(key('vocab_size')),
  };
}

function metadata(config: Readonly<Record<string, unknown>>, path: string): Map<string, GgufValueToWrite> {
  const counts = {
    block_count: 'num_hidden_layers',
    context_length: 'max_position_embeddings',
    embedding_length: 'hidden_size',
    feed_forward_length: 'intermediate_size',
    vocab_size: 'vocab_size',
    'attention.head_count': 'num_attention_heads',
    'attention.head_count_kv': 'num_key_value_heads',
    'attention.key_length': 'head_dim',
    'attention.value_length': 'head_dim',
    'rope.dimension_count': 'head_dim',
  };
  const entries = Object.entries(counts).map(([key, name]): [string, GgufValueToWrite] => [`llama.${key}`, { type: 'uint32', value: Number(config[name]) }]);
  const eps: GgufValueToWrite = { type: 'float32', value: Number(config['rms_norm_eps'] ?? 1e-6) };
  return new Map([...entries, ['llama.attention.layer_norm_rms_epsilon', eps], ...ropeMetadata(config, 'llama', path)]);
}
