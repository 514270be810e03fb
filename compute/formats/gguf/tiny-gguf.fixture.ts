/** A small but whole llama model as a GGUF file, for tests: one layer, hidden 64, every weight a known ramp. */
import { quantise } from '../quants/quantise.ts';
import type { GgufTensorToWrite, GgufValueToWrite } from './gguf-writer.ts';

const hidden = 64;
const inner = 96;
const vocabulary = 40;
/** Heads 4 (two share a key), head size 16. */
const shapes: Readonly<Record<string, readonly number[]>> = {
  'token_embd.weight': [vocabulary, hidden],
  'output_norm.weight': [hidden],
  'blk.0.attn_norm.weight': [hidden],
  'blk.0.attn_q.weight': [hidden, hidden],
  'blk.0.attn_k.weight': [hidden / 2, hidden],
  'blk.0.attn_v.weight': [hidden / 2, hidden],
  'blk.0.attn_output.weight': [hidden, hidden],
  'blk.0.ffn_norm.weight': [hidden],
  'blk.0.ffn_gate.weight': [inner, hidden],
  'blk.0.ffn_up.weight': [inner, hidden],
  'blk.0.ffn_down.weight': [hidden, inner],
};

export function rampValues(seed: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => (((i * 7919 + seed * 104729) % 2001) - 1000) / 10000);
}

export function tinyTensors(): GgufTensorToWrite[] {
  return Object.entries(shapes).map(([name, shape], index) => {
    const values = rampValues(
      index,
      shape.reduce((product, size) => product * size, 1),
    );
    const dtype = shape.length === 1 ? 'f32' : 'q8_0';
    return { name, dtype, shape, data: () => [quantise(dtype, values)] };
  });
}

export function tinyMetadata(): Map<string, GgufValueToWrite> {
  const tokens = ['<unk>', '<s>', '</s>', ...Array.from({ length: vocabulary - 3 }, (_, index) => String.fromCharCode(97 + index))];
  return new Map<string, GgufValueToWrite>([
    ['general.architecture', { type: 'string', value: 'llama' }],
    ['general.name', { type: 'string', value: 'Tiny' }],
    ['general.license', { type: 'string', value: 'mit' }],
    ['general.file_type', { type: 'uint32', value: 7 }],
    ['llama.block_count', { type: 'uint32', value: 1 }],
    ['llama.context_length', { type: 'uint32', value: 128 }],
    ['llama.embedding_length', { type: 'uint32', value: hidden }],
    ['llama.feed_forward_length', { type: 'uint32', value: inner }],
    ['llama.attention.head_count', { type: 'uint32', value: 4 }],
    ['llama.attention.head_count_kv', { type: 'uint32', value: 2 }],
    ['llama.attention.layer_norm_rms_epsilon', { type: 'float32', value: 1e-5 }],
    ['llama.rope.freq_base', { type: 'float32', value: 10000 }],
    ['tokenizer.ggml.model', { type: 'string', value: 'gpt2' }],
    ['tokenizer.ggml.pre', { type: 'string', value: 'smollm' }],
    ['tokenizer.ggml.tokens', { type: 'array', itemType: 'string', values: tokens }],
    ['tokenizer.ggml.token_type', { type: 'array', itemType: 'int32', values: tokens.map((_, index) => (index < 3 ? 3 : 1)) }],
    ['tokenizer.ggml.merges', { type: 'array', itemType: 'string', values: [] }],
    ['tokenizer.ggml.bos_token_id', { type: 'uint32', value: 1 }],
    ['tokenizer.ggml.eos_token_id', { type: 'uint32', value: 2 }],
    ['tokenizer.chat_template', { type: 'string', value: '{{ messages[0].content }}' }],
    ['general.big', { type: 'uint64', value: 2n ** 60n }],
  ]);
}
