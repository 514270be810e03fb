/**
 * Qwen 2 and 2.5: llama with a bias on q, k and v, and a sliding window that upper layers may have. After Yang et al. 2024 and Hugging Face's
 * modeling_qwen2.py.
 */
import { z } from 'zod';
import { DecoderLayer } from '../nn/decoder-layer.ts';
import { RopeParameters } from '../nn/rotary.ts';
import type { CausalModel } from './causal-model.ts';
import { Decoder } from './decoder.ts';
import { DecoderConfig, parseConfig, windowOf } from './decoder-config.ts';
import type { WeightLoader } from './weight-loader.ts';

export const QwenConfig = DecoderConfig.extend({
  rope_parameters: RopeParameters,
  hidden_act: z.literal('silu'),
  use_sliding_window: z.boolean().default(false),
  /** The window is that of the layers from here on, where no layer types say otherwise. */
  max_window_layers: z.int().nonnegative().default(28),
});
type QwenConfig = z.infer<typeof QwenConfig>;

/** Published configs name a window and switch it off. */
export function qwenWindow(config: QwenConfig, layer: number): number {
  if (!config.use_sliding_window) return 0;
  if (config.layer_types == null && layer < config.max_window_layers) return 0;
  return windowOf(config, layer);
}

export function qwen2(weights: WeightLoader): CausalModel {
  const config = parseConfig(QwenConfig, weights.source);
  const rotary = weights.rotary(config.head_dim, config.rope_parameters);
  return new Decoder(weights, config, {
    layer: (modules) =>
      new DecoderLayer({
        inputNorm: modules.norm('input_layernorm'),
        mixer: modules.attention({ rotary, window: qwenWindow(config, modules.index), bias: { qkv: true, o: false } }),
        mlpNorm: modules.norm('post_attention_layernorm'),
        mlp: modules.gatedMlp(),
      }),
  });
}
