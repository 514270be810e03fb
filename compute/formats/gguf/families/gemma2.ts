/** Gemma 2. */
import { AppError } from '../../../../shared/errors/app-error.ts';
import { ropeMetadata, ropeParameters } from '../rope-config.ts';
import type { GgufFamily } from '../gguf-family.ts';
import { gemmaConfig, gemmaMetadata, gemmaNames } from './gemma.ts';

const kind = { architecture: 'gemma2', period: 2, layersOf27B: 46 } as const;
/** Key → what llama.cpp takes where a file has none; a file cannot say that there is no cap. */
const caps = { attn_logit_softcapping: 50, final_logit_softcapping: 30 } as const;

export const gemma2: GgufFamily = {
  architecture: 'gemma2',
  modelTypes: ['gemma2'],
  className: 'Gemma2ForCausalLM',
  ropeLayout: 'half',
  normShift: 1,
  names: gemmaNames,
  ignored: [],
  config: (facts) => ({
    ...gemmaConfig(facts, kind),
    attn_logit_softcapping: facts.metadata.optionalNumber('gemma2.attn_logit_softcapping') ?? caps.attn_logit_softcapping,
    final_logit_softcapping: facts.metadata.optionalNumber('gemma2.final_logit_softcapping') ?? caps.final_logit_softcapping,
    sliding_window: facts.metadata.optionalNumber('gemma2.attention.sliding_window') ?? 4096,
    rope_parameters: ropeParameters(facts, 'gemma2'),
  }),
  metadata(config, path) {
    const metadata = gemmaMetadata(config, kind, path);
    for (const key of Object.keys(caps)) {
      const value = config[key];
      if (typeof value !== 'number') throw new AppError('MODEL_INVALID', { path, problem: `without ${key} it cannot be written to GGUF` });
      metadata.set(`gemma2.${key}`, { type: 'float32', value });
    }
    return new Map([...metadata, ...ropeMetadata(config, 'gemma2', path)]);
  },
};
