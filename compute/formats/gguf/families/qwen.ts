/** Qwen 2 and 2.5, Qwen 3: rope as Hugging Face has it. Their files know no sliding window, which llama.cpp's Qwen does not have. */
import { AppError } from '../../../../shared/errors/app-error.ts';
import { ropeMetadata, ropeParameters } from '../rope-config.ts';
import type { GgufFamily } from '../gguf-family.ts';
import { decoderConfig, decoderMetadata } from './decoder-keys.ts';
import { computedTensors, decoderNames } from './decoder-names.ts';

function family(architecture: 'qwen2' | 'qwen3', rest: Pick<GgufFamily, 'className' | 'names'>): GgufFamily {
  return {
    architecture,
    modelTypes: [architecture],
    ropeLayout: 'half',
    ignored: computedTensors,
    ...rest,
    config: (facts) => ({
      ...decoderConfig(facts, architecture),
      ...(architecture === 'qwen3' ? { attention_bias: facts.tensors.has('blk.0.attn_q.bias') } : {}),
      hidden_act: 'silu',
      rope_parameters: ropeParameters(facts, architecture),
      use_sliding_window: false,
    }),
    metadata(config, path) {
      if (config['use_sliding_window'] === true)
        throw new AppError('MODEL_INVALID', { path, problem: `its sliding window cannot be written to GGUF files of ${architecture}` });
      return new Map([...decoderMetadata(config, architecture), ...ropeMetadata(config, architecture, path)]);
    },
  };
}

export const qwen2 = family('qwen2', { className: 'Qwen2ForCausalLM', names: decoderNames });

export const qwen3 = family('qwen3', {
  className: 'Qwen3ForCausalLM',
  names: {
    ...decoderNames,
    'blk.{n}.attn_q_norm': 'model.layers.{n}.self_attn.q_norm',
    'blk.{n}.attn_k_norm': 'model.layers.{n}.self_attn.k_norm',
  },
});
