/** The tensor names that most decoder families share, GGUF → Hugging Face. */
export const decoderNames: Readonly<Record<string, string>> = {
  token_embd: 'model.embed_tokens',
  output_norm: 'model.norm',
  output: 'lm_head',
  'blk.{n}.attn_norm': 'model.layers.{n}.input_layernorm',
  'blk.{n}.attn_q': 'model.layers.{n}.self_attn.q_proj',
  'blk.{n}.attn_k': 'model.layers.{n}.self_attn.k_proj',
  'blk.{n}.attn_v': 'model.layers.{n}.self_attn.v_proj',
  'blk.{n}.attn_output': 'model.layers.{n}.self_attn.o_proj',
  'blk.{n}.ffn_norm': 'model.layers.{n}.post_attention_layernorm',
  'blk.{n}.ffn_gate': 'model.layers.{n}.mlp.gate_proj',
  'blk.{n}.ffn_up': 'model.layers.{n}.mlp.up_proj',
  'blk.{n}.ffn_down': 'model.layers.{n}.mlp.down_proj',
};

/** Tensors of old converters that whoever computes rope makes anew. */
export const computedTensors = ['blk.{n}.attn_rot_embd', 'blk.{n}.attn_rotary_embd'] as const;
