/**
 * Brings a config.json, whatever release wrote it, into one form, so that models see one spelling: `dtype`, `rope_parameters` (with
 * rope_theta, rope_type and partial_rotary_factor inside, and the attention_factor of long rope and yarn), today's names of layer types, `head_dim` and `num_key_value_heads` filled in.
 */
import { HuggingFaceConfig } from './huggingface-config.ts';
import { textPartOf } from './text-part.ts';

type Keys = Record<string, unknown>;
type RopeKeys = Readonly<Record<string, unknown>>;

interface ConfigOrigin {
  /** The file the config comes from, for errors. */
  readonly path: string;
  /** Whether the weights hold an output projection of their own; settles `tie_word_embeddings` where the config is silent. */
  readonly hasOutputWeight: boolean;
}

/** Spellings that mean nothing for the computation and differ between releases. */
const dropped = [
  'transformers_version',
  'torch_dtype',
  'rope_theta',
  'rope_scaling',
  'rope_local_base_freq',
  'partial_rotary_factor',
  '_sliding_window_pattern',
  'sliding_window_pattern',
];
const layerTypeNames = new Map([
  ['attention', 'full_attention'],
  ['mamba', 'linear_attention'],
]);
const ropeTypeNames = new Map([['su', 'longrope']]);
const defaultTheta = 10000;
/** Families whose configs may leave another base unsaid. */
const defaultThetas = new Map([['smollm3', 2_000_000]]);

/** Checks and normalises; MODEL_INVALID names file and key of what is missing or wrong. */
export function normaliseConfig(raw: unknown, origin: ConfigOrigin): Record<string, unknown> {
  const config = HuggingFaceConfig.check(textPartOf(raw) ?? raw, origin.path);
  const result: Keys = {};
  for (const [key, value] of Object.entries(config)) if (!dropped.includes(key)) result[key] = value;
  const dtype = config['dtype'] ?? config['torch_dtype'];
  if (typeof dtype === 'string') result['dtype'] = dtype;
  result['num_key_value_heads'] ??= config.num_attention_heads;
  result['head_dim'] ??= config.hidden_size / config.num_attention_heads;
  result['tie_word_embeddings'] ??= !origin.hasOutputWeight;
  const layerTypes = normaliseLayerTypes(config);
  if (layerTypes !== undefined) result['layer_types'] = layerTypes;
  result['rope_parameters'] = normaliseRope(config);
  return sortKeys(result);
}

function normaliseLayerTypes(config: HuggingFaceConfig): string[] | undefined {
  if (config.layer_types) return config.layer_types.map((type) => layerTypeNames.get(type) ?? type);
  const pattern = config.sliding_window_pattern;
  if (typeof pattern !== 'number') return undefined;
  return Array.from({ length: config.num_hidden_layers }, (_, layer) => ((layer + 1) % pattern === 0 ? 'full_attention' : 'sliding_attention'));
}

/** Gemma 3 has one set of parameters for each layer type, the others have one. */
function normaliseRope(config: HuggingFaceConfig): Keys {
  const given = config.rope_parameters;
  if (given && ('full_attention' in given || 'sliding_attention' in given)) {
    return sortKeys(Object.fromEntries(Object.entries(given).map(([type, keys]) => [type, ropeKeys(config, keys as RopeKeys)])));
  }
  const rope = ropeKeys(config, given ?? config.rope_scaling ?? {});
  if (typeof config.rope_local_base_freq !== 'number') return rope;
  return { full_attention: rope, sliding_attention: { rope_theta: config.rope_local_base_freq, rope_type: 'default' } };
}

function ropeKeys(config: HuggingFaceConfig, given: RopeKeys): Keys {
  const { type, rope_type, ...rest } = given;
  const named = typeof rope_type === 'string' ? rope_type : typeof type === 'string' ? type : 'default';
  const name = ropeTypeNames.get(named) ?? named;
  const keys: Keys = { ...rest, rope_type: name };
  keys['rope_theta'] ??= config.rope_theta ?? defaultThetas.get(config.model_type) ?? defaultTheta;
  if (typeof config.partial_rotary_factor === 'number') keys['partial_rotary_factor'] ??= config.partial_rotary_factor;
  if (name !== 'default' && typeof config.original_max_position_embeddings === 'number')
    keys['original_max_position_embeddings'] ??= config.original_max_position_embeddings;
  if (name === 'longrope') keys['attention_factor'] ??= longRopeAttention(keys, config.max_position_embeddings);
  return sortKeys(name === 'yarn' ? yarnKeys(keys, config.max_position_embeddings) : keys);
}

/** Yarn with everything said that a config may leave unsaid; what the attention factor was to come from is in it. */
function yarnKeys({ mscale, mscale_all_dim, ...keys }: Keys, context: number | undefined): Keys {
  const original = keys['original_max_position_embeddings'] ?? context;
  const factor = keys['factor'] ?? Number(context) / Number(original);
  const attention = (scale = 1): number => yarnAttention(Number(factor), scale);
  const isGiven = typeof mscale === 'number' && typeof mscale_all_dim === 'number' && mscale * mscale_all_dim !== 0;
  const said = keys['attention_factor'] ?? (isGiven ? attention(mscale) / attention(mscale_all_dim) : attention());
  return {
    ...keys,
    original_max_position_embeddings: original,
    factor,
    attention_factor: said,
    beta_fast: keys['beta_fast'] ?? 32,
    beta_slow: keys['beta_slow'] ?? 1,
  };
}

/** What yarn multiplies cos and sin by where a config does not say. */
export const yarnAttention = (factor: number, scale = 1): number => (factor > 1 ? 0.1 * scale * Math.log(factor) + 1 : 1);

/** What long rope multiplies cos and sin by where a config does not say: by how many times the original context the model's is. */
export function longRopeAttention(rope: RopeKeys, context: number | undefined): number {
  const original = Number(rope['original_max_position_embeddings']);
  const factor = typeof rope['factor'] === 'number' ? rope['factor'] : Number(context) / original;
  return factor > 1 ? Math.sqrt(1 + Math.log(factor) / Math.log(original)) : 1;
}

const sortKeys = (keys: Keys): Keys => Object.fromEntries(Object.entries(keys).sort(([a], [b]) => (a < b ? -1 : 1)));
