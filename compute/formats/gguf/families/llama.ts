/** Llama 2 and 3, SmolLM2, and Mistral, which GGUF files all call llama. */
import { biasKeys, decoderConfig, decoderMetadata } from './decoder-keys.ts';
import { computedTensors, decoderNames } from './decoder-names.ts';
import { ropeMetadata, ropeParameters } from '../rope-config.ts';
import type { GgufFamily } from '../gguf-family.ts';

export const llama: GgufFamily = {
  architecture: 'llama',
  modelTypes: ['llama', 'mistral'],
  className: 'LlamaForCausalLM',
  ropeLayout: 'interleaved',
  names: { ...decoderNames, rope_freqs: 'rope_freqs' },
  ignored: computedTensors,
  config: (facts) => ({ ...decoderConfig(facts, 'llama'), ...biasKeys(facts), hidden_act: 'silu', rope_parameters: ropeParameters(facts, 'llama') }),
  metadata: (config, path) => new Map([...decoderMetadata(config, 'llama'), ...ropeMetadata(config, 'llama', path)]),
};
