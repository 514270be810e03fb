/**
 * Qwen 3, the dense models: heads of their own size, q and k normed head by head before rope, no bias. After Yang et al. 2025 and
 * Hugging Face's modeling_qwen3.py.
 */
import { z } from 'zod';
import { DecoderLayer } from '../nn/decoder-layer.ts';
import type { CausalModel } from './causal-model.ts';
import { Decoder } from './decoder.ts';
import { parseConfig } from './decoder-config.ts';
import { QwenConfig, qwenWindow } from './qwen2.ts';
import type { WeightLoader } from './weight-loader.ts';

const Qwen3Config = QwenConfig.extend({ attention_bias: z.boolean().default(false) });

export function qwen3(weights: WeightLoader): CausalModel {
  const config = parseConfig(Qwen3Config, weights.source);
  const rotary = weights.rotary(config.head_dim, config.rope_parameters);
  const bias = { qkv: config.attention_bias, o: config.attention_bias };
  return new Decoder(weights, config, {
    layer: (modules) =>
      new DecoderLayer({
        inputNorm: modules.norm('input_layernorm'),
        mixer: modules.attention({ rotary, window: qwenWindow(config, modules.index), bias, headNorms: true }),
        mlpNorm: modules.norm('post_attention_layernorm'),
        mlp: modules.gatedMlp(),
      }),
  });
}
