/**
 * Granite 3, and the dense models of Granite 4.0, whose fused gate-and-up projection these files hold as two; read back, both are Granite 3,
 * which computes the same. Where a multiplier is missing llama.cpp takes none, and 1/sqrt(D) for the attention.
 */
import { AppError } from '../../../../shared/errors/app-error.ts';
import { ropeMetadata, ropeParameters } from '../rope-config.ts';
import type { GgufFamily, GgufFamilyFacts } from '../gguf-family.ts';
import type { GgufValueToWrite } from '../gguf-writer.ts';
import { biasKeys, decoderConfig, decoderMetadata } from './decoder-keys.ts';
import { computedTensors, decoderNames } from './decoder-names.ts';

type Config = Readonly<Record<string, unknown>>;

/** GGUF key, without the architecture → key of config.json. */
const multipliers = {
  'attention.scale': 'attention_multiplier',
  embedding_scale: 'embedding_multiplier',
  residual_scale: 'residual_multiplier',
  logit_scale: 'logits_scaling',
} as const;

/** The multipliers as keys of config.json. */
export function graniteMultipliers({ metadata }: GgufFamilyFacts, architecture: string, headSize: number): Record<string, number> {
  const scales = Object.entries(multipliers).map(([key, name]) => {
    const absent = name === 'attention_multiplier' ? headSize ** -0.5 : 1;
    return [name, metadata.optionalNumber(`${architecture}.${key}`) ?? absent] as const;
  });
  return Object.fromEntries(scales);
}

/** The other way. */
export const graniteMetadata = (config: Config, architecture: string): [string, GgufValueToWrite][] =>
  Object.entries(multipliers).map(([key, name]) => [`${architecture}.${key}`, { type: 'float32', value: Number(config[name] ?? 1) }]);

/** Names of Granite 4.0's MLP, which these files hold in parts. */
export const fusedMlpNames = {
  'model.layers.{n}.shared_mlp.input_linear': ['blk.{n}.ffn_gate', 'blk.{n}.ffn_up'],
  'model.layers.{n}.shared_mlp.output_linear': ['blk.{n}.ffn_down'],
} as const;

/** Attention layers alone, and no experts. */
function isDense({ layer_types: types, num_local_experts: experts }: Config): boolean {
  return experts === 0 && Array.isArray(types) && types.every((type) => type === 'full_attention');
}

export const granite: GgufFamily = {
  architecture: 'granite',
  modelTypes: ['granite', 'granitemoehybrid'],
  className: 'GraniteForCausalLM',
  ropeLayout: 'interleaved',
  names: { ...decoderNames, rope_freqs: 'rope_freqs' },
  writtenNames: fusedMlpNames,
  holds: (config) => config['model_type'] === 'granite' || isDense(config),
  ignored: computedTensors,
  config(facts) {
    const { metadata } = facts;
    // A switch that llama.cpp's Granite has: false means attention without rope.
    if (metadata.optionalBoolean('granite.rope.scaling.finetuned') === false)
      throw new AppError('MODEL_INVALID', { path: metadata.path, problem: 'its attention has no rope, which this version reads with Mamba layers only' });
    const config = decoderConfig(facts, 'granite');
    const scales = graniteMultipliers(facts, 'granite', Number(config['head_dim']));
    return { ...config, ...biasKeys(facts), ...scales, hidden_act: 'silu', rope_parameters: ropeParameters(facts, 'granite') };
  },
  metadata(config, path) {
    const isDense4 = config['model_type'] === 'granitemoehybrid';
    if (isDense4 && config['position_embedding_type'] !== 'rope')
      throw new AppError('MODEL_INVALID', { path, problem: 'its attention has no rope, which GGUF files of granite are not written with' });
    const sizes: Config = isDense4 ? { ...config, intermediate_size: config['shared_intermediate_size'] } : config;
    return new Map([...decoderMetadata(sizes, 'granite'), ...graniteMetadata(config, 'granite'), ...ropeMetadata(config, 'granite', path)]);
  },
};
