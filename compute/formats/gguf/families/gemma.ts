/**
 * What the GGUF files of Gemma 2 and Gemma 3 share: norms stored with the one added, a period of sliding-window layers, and an attention
 * scale that no key tells. VaultGemma has no architecture in llama.cpp.
 */
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { GgufFamilyFacts } from '../gguf-family.ts';
import type { GgufValueToWrite } from '../gguf-writer.ts';
import { decoderConfig, decoderMetadata } from './decoder-keys.ts';

type Config = Readonly<Record<string, unknown>>;

interface GemmaKind {
  readonly architecture: 'gemma2' | 'gemma3';
  /** Every so many layers one sees everything, where the file has no key for it. */
  readonly period: number;
  /** The one size whose scale comes from hidden_size / heads, not from the head size; llama.cpp knows it by its layers. */
  readonly layersOf27B: number;
}

export const gemmaNames: Readonly<Record<string, string>> = {
  token_embd: 'model.embed_tokens',
  output_norm: 'model.norm',
  output: 'lm_head',
  'blk.{n}.attn_norm': 'model.layers.{n}.input_layernorm',
  'blk.{n}.attn_q': 'model.layers.{n}.self_attn.q_proj',
  'blk.{n}.attn_k': 'model.layers.{n}.self_attn.k_proj',
  'blk.{n}.attn_v': 'model.layers.{n}.self_attn.v_proj',
  'blk.{n}.attn_output': 'model.layers.{n}.self_attn.o_proj',
  'blk.{n}.post_attention_norm': 'model.layers.{n}.post_attention_layernorm',
  'blk.{n}.ffn_norm': 'model.layers.{n}.pre_feedforward_layernorm',
  'blk.{n}.ffn_gate': 'model.layers.{n}.mlp.gate_proj',
  'blk.{n}.ffn_up': 'model.layers.{n}.mlp.up_proj',
  'blk.{n}.ffn_down': 'model.layers.{n}.mlp.down_proj',
  'blk.{n}.post_ffw_norm': 'model.layers.{n}.post_feedforward_layernorm',
};

export function gemmaConfig(facts: GgufFamilyFacts, { architecture, period, layersOf27B }: GemmaKind): Record<string, unknown> {
  const { metadata } = facts;
  const config = decoderConfig(facts, architecture);
  return {
    ...config,
    attention_bias: false,
    hidden_activation: 'gelu_pytorch_tanh',
    query_pre_attn_scalar: attentionScalar(config, layersOf27B),
    sliding_window_pattern: metadata.optionalNumber(`${architecture}.attention.sliding_window_pattern`) ?? period,
  };
}

export function gemmaMetadata(config: Config, { architecture, period, layersOf27B }: GemmaKind, path: string): Map<string, GgufValueToWrite> {
  const scalar = attentionScalar(config, layersOf27B);
  if (config['query_pre_attn_scalar'] !== scalar)
    throw new AppError('MODEL_INVALID', {
      path,
      problem: `query_pre_attn_scalar ${String(config['query_pre_attn_scalar'])} cannot be written to GGUF, where it is ${scalar} for such a model`,
    });
  const metadata = decoderMetadata(config, architecture);
  metadata.set(`${architecture}.attention.sliding_window`, { type: 'uint32', value: Number(config['sliding_window']) });
  const written = periodOf(config, path) ?? period;
  if (written !== period) metadata.set(`${architecture}.attention.sliding_window_pattern`, { type: 'uint32', value: written });
  return metadata;
}

function attentionScalar(config: Config, layersOf27B: number): number {
  const is27B = config['num_hidden_layers'] === layersOf27B;
  return is27B ? Math.floor(Number(config['hidden_size']) / Number(config['num_attention_heads'])) : Number(config['head_dim']);
}

/** Every how many layers one sees everything; null where the config leaves it to the family. */
function periodOf(config: Config, path: string): number | null {
  const types = config['layer_types'];
  if (!Array.isArray(types)) return null;
  const first = types.indexOf('full_attention');
  const period = first < 0 ? types.length + 1 : first + 1;
  if (types.every((type, layer) => (type === 'full_attention') === ((layer + 1) % period === 0))) return period;
  throw new AppError('MODEL_INVALID', { path, problem: 'its layer_types repeat with no period, which GGUF could tell' });
}
