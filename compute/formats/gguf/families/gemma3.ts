/** Gemma 3's language model. Its layers with a sliding window have a rope of their own. */
import { AppError } from '../../../../shared/errors/app-error.ts';
import { ropeMetadata, ropeParameters } from '../rope-config.ts';
import type { GgufFamily } from '../gguf-family.ts';
import type { GgufValueToWrite } from '../gguf-writer.ts';
import { gemmaConfig, gemmaMetadata, gemmaNames } from './gemma.ts';

const kind = { architecture: 'gemma3', period: 6, layersOf27B: 62 } as const;
const localTheta = 10000;

type Rope = Readonly<Record<string, unknown>>;

export const gemma3: GgufFamily = {
  architecture: 'gemma3',
  modelTypes: ['gemma3_text'],
  className: 'Gemma3ForCausalLM',
  ropeLayout: 'half',
  normShift: 1,
  names: {
    ...gemmaNames,
    'blk.{n}.attn_q_norm': 'model.layers.{n}.self_attn.q_norm',
    'blk.{n}.attn_k_norm': 'model.layers.{n}.self_attn.k_norm',
  },
  ignored: [],
  config(facts) {
    const { metadata } = facts;
    const window = metadata.optionalNumber('gemma3.attention.sliding_window') ?? 0;
    const local = { rope_theta: metadata.optionalNumber('gemma3.rope.freq_base_swa') ?? localTheta, rope_type: 'default' };
    return {
      ...gemmaConfig(facts, kind),
      // Without a window every layer sees everything and turns by the global rope.
      ...(window === 0 ? { sliding_window: 4096, sliding_window_pattern: 1 } : { sliding_window: window }),
      final_logit_softcapping: metadata.optionalNumber('gemma3.final_logit_softcapping'),
      rope_parameters: { full_attention: ropeParameters(facts, 'gemma3'), sliding_attention: local },
    };
  },
  metadata(config, path) {
    const { full_attention: full, sliding_attention: sliding } = config['rope_parameters'] as { full_attention: Rope; sliding_attention: Rope };
    if (sliding['rope_type'] !== 'default') throw new AppError('MODEL_INVALID', { path, problem: 'GGUF cannot tell of a scaled rope in its sliding layers' });
    const metadata = new Map([...gemmaMetadata(config, kind, path), ...ropeMetadata({ rope_parameters: full }, 'gemma3', path)]);
    const number = (key: string, value: unknown): Map<string, GgufValueToWrite> => metadata.set(`gemma3.${key}`, { type: 'float32', value: Number(value) });
    if (sliding['rope_theta'] !== localTheta) number('rope.freq_base_swa', sliding['rope_theta']);
    if (typeof config['final_logit_softcapping'] === 'number') number('final_logit_softcapping', config['final_logit_softcapping']);
    return metadata;
  },
};
