/**
 * Phi-3, 3.5 and 4 mini. Their fused projections stay fused; the lists of long rope, which Hugging Face has in config.json, are tensors.
 * llama.cpp passes over the sliding window that its own converter writes.
 */
import { AppError } from '../../../../shared/errors/app-error.ts';
import { float32Tensor } from '../../tensor-to-write.ts';
import type { GgufFamily, GgufFamilyFacts } from '../gguf-family.ts';
import type { GgufValueToWrite } from '../gguf-writer.ts';
import { decoderConfig, decoderMetadata } from './decoder-keys.ts';
import { decoderNames } from './decoder-names.ts';

type Config = Readonly<Record<string, unknown>>;

/** Tensor → key of rope_parameters. */
const lists = { 'rope_factors_long.weight': 'long_factor', 'rope_factors_short.weight': 'short_factor' } as const;

export const phi3: GgufFamily = {
  architecture: 'phi3',
  modelTypes: ['phi3'],
  className: 'Phi3ForCausalLM',
  ropeLayout: 'half',
  names: {
    ...decoderNames,
    'blk.{n}.attn_qkv': 'model.layers.{n}.self_attn.qkv_proj',
    'blk.{n}.ffn_up': 'model.layers.{n}.mlp.gate_up_proj',
  },
  ignored: ['rope_factors_long', 'rope_factors_short'],
  config,
  metadata,
  tensors(own) {
    const rope = own['rope_parameters'] as Config;
    if (rope['rope_type'] !== 'longrope') return [];
    return Object.entries(lists).map(([name, key]) => {
      const values = Float32Array.from(rope[key] as number[]);
      return float32Tensor(name, [values.length], values);
    });
  },
};

function config(facts: GgufFamilyFacts): Config {
  const { metadata } = facts;
  const decoder = decoderConfig(facts, 'phi3');
  const context = Number(decoder['max_position_embeddings']);
  // Without a key of its own the head size is not what rope turns of it.
  const headSize = metadata.optionalNumber('phi3.attention.key_length') ?? Number(decoder['hidden_size']) / Number(decoder['num_attention_heads']);
  const window = metadata.optionalNumber('phi3.attention.sliding_window') ?? 0;
  return {
    ...decoder,
    head_dim: headSize,
    hidden_act: 'silu',
    original_max_position_embeddings: metadata.optionalNumber('phi3.rope.scaling.original_context_length') ?? context,
    sliding_window: window === 0 ? null : window,
    rope_parameters: {
      ...longRope(facts),
      rope_theta: metadata.optionalNumber('phi3.rope.freq_base') ?? 10000,
      partial_rotary_factor: (metadata.optionalNumber('phi3.rope.dimension_count') ?? headSize) / headSize,
    },
  };
}

function longRope(facts: GgufFamilyFacts): Config {
  const [long, short] = Object.keys(lists).map((name) => facts.floats(name));
  if (long == null || short == null) return { rope_type: 'default' };
  // llama.cpp multiplies by nothing where a file does not say.
  return {
    rope_type: 'longrope',
    long_factor: [...long],
    short_factor: [...short],
    attention_factor: facts.metadata.optionalNumber('phi3.rope.scaling.attn_factor') ?? 1,
  };
}

function metadata(own: Config, path: string): Map<string, GgufValueToWrite> {
  const rope = own['rope_parameters'] as Config;
  const { rope_type: type } = rope;
  if (type !== 'default' && type !== 'longrope')
    throw new AppError('MODEL_INVALID', { path, problem: `rope of type ${String(type)} cannot be written to GGUF files of phi3` });
  const count = (value: unknown): GgufValueToWrite => ({ type: 'uint32', value: Number(value) });
  const number = (value: number): GgufValueToWrite => ({ type: 'float32', value });
  const original = rope['original_max_position_embeddings'] ?? own['original_max_position_embeddings'] ?? own['max_position_embeddings'];
  const entries = decoderMetadata(own, 'phi3');
  entries.set('phi3.rope.dimension_count', count(Math.trunc(Number(own['head_dim']) * Number(rope['partial_rotary_factor'] ?? 1))));
  entries.set('phi3.rope.freq_base', number(Number(rope['rope_theta'])));
  entries.set('phi3.rope.scaling.original_context_length', count(original));
  entries.set('phi3.attention.sliding_window', count(own['sliding_window'] ?? 0));
  return type === 'default' ? entries : entries.set('phi3.rope.scaling.attn_factor', number(Number(rope['attention_factor'])));
}
