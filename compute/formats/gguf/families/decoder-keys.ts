/** The metadata keys that all decoder families share, each under its architecture's prefix, as keys of config.json and back. */
import type { GgufFamilyFacts } from '../gguf-family.ts';
import type { GgufMetadata } from '../gguf-metadata.ts';
import type { GgufValueToWrite } from '../gguf-writer.ts';

type Config = Readonly<Record<string, unknown>>;

/** GGUF key → key of config.json. */
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
} as const;

export function decoderConfig({ metadata, tensors }: GgufFamilyFacts, architecture: string): Record<string, unknown> {
  const key = (name: string): string => `${architecture}.${name}`;
  const hidden = metadata.number(key('embedding_length'));
  const heads = metadata.number(key('attention.head_count'));
  return {
    head_dim: metadata.optionalNumber(key('attention.key_length')) ?? metadata.optionalNumber(key('rope.dimension_count')) ?? hidden / heads,
    hidden_size: hidden,
    intermediate_size: metadata.number(key('feed_forward_length')),
    max_position_embeddings: metadata.number(key('context_length')),
    num_attention_heads: heads,
    num_hidden_layers: metadata.number(key('block_count')),
    num_key_value_heads: keyValueHeads(metadata, key('attention.head_count_kv')) ?? heads,
    rms_norm_eps: metadata.number(key('attention.layer_norm_rms_epsilon')),
    vocab_size: tensors.get('token_embd.weight')?.shape[0] ?? metadata.number(key('vocab_size')),
  };
}

/** One count for all layers, or one for each, 0 where a layer has no attention. */
function keyValueHeads(metadata: GgufMetadata, key: string): number | null {
  if (metadata.entries.get(key)?.type !== 'array') return metadata.optionalNumber(key);
  return Math.max(...(metadata.optionalIntegers(key) ?? []));
}

/** Llama and its like say in config.json whether projections have biases; GGUF just holds them. */
export const biasKeys = ({ tensors }: GgufFamilyFacts): Record<string, unknown> => ({
  attention_bias: tensors.has('blk.0.attn_q.bias'),
  mlp_bias: tensors.has('blk.0.ffn_up.bias'),
});

export function decoderMetadata(config: Config, architecture: string): Map<string, GgufValueToWrite> {
  const entries = Object.entries(counts).map(([key, name]): [string, GgufValueToWrite] => [
    `${architecture}.${key}`,
    { type: 'uint32', value: Number(config[name]) },
  ]);
  const epsilon: GgufValueToWrite = { type: 'float32', value: Number(config['rms_norm_eps'] ?? 1e-6) };
  return new Map([...entries, [`${architecture}.attention.layer_norm_rms_epsilon`, epsilon]]);
}
