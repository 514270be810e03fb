/** SmolLM3. llama.cpp leaves rope out in every fourth layer and has no key for it. */
import { AppError } from '../../../../shared/errors/app-error.ts';
import { ropeMetadata, ropeParameters } from '../rope-config.ts';
import type { GgufFamily } from '../gguf-family.ts';
import { biasKeys, decoderConfig, decoderMetadata } from './decoder-keys.ts';
import { computedTensors, decoderNames } from './decoder-names.ts';

type Config = Readonly<Record<string, unknown>>;
const interval = 4;

export const smollm3: GgufFamily = {
  architecture: 'smollm3',
  modelTypes: ['smollm3'],
  className: 'SmolLM3ForCausalLM',
  ropeLayout: 'interleaved',
  names: decoderNames,
  ignored: computedTensors,
  config: (facts) => ({
    ...decoderConfig(facts, 'smollm3'),
    ...biasKeys(facts),
    hidden_act: 'silu',
    no_rope_layer_interval: interval,
    rope_parameters: ropeParameters(facts, 'smollm3'),
    use_sliding_window: false,
  }),
  metadata(config, path) {
    const problem = unwritable(config);
    if (problem !== null) throw new AppError('MODEL_INVALID', { path, problem: `${problem}, which cannot be written to GGUF` });
    return new Map([...decoderMetadata(config, 'smollm3'), ...ropeMetadata(config, 'smollm3', path)]);
  },
};

function unwritable(config: Config): string | null {
  const flags: unknown[] = Array.isArray(config['no_rope_layers'])
    ? config['no_rope_layers']
    : Array.from({ length: Number(config['num_hidden_layers']) }, (_, layer) =>
        Number((layer + 1) % Number(config['no_rope_layer_interval'] ?? interval) !== 0),
      );
  if (flags.some((flag, layer) => flag !== Number((layer + 1) % interval !== 0))) return 'its layers without rope are others than every fourth';
  return config['use_sliding_window'] === true ? 'it has a sliding window' : null;
}
