/**
 * The hybrid models of Granite 4.0: layers of attention and of Mamba-2, told apart by a count of key heads for each. A of Mamba is stored as
 * -exp(A_log), and some vectors with a dimension more.
 */
import { AppError } from '../../../../shared/errors/app-error.ts';
import { ropeMetadata, ropeParameters } from '../rope-config.ts';
import type { GgufFamily, GgufWeightForm } from '../gguf-family.ts';
import type { GgufValueToWrite } from '../gguf-writer.ts';
import { biasKeys, decoderConfig, decoderMetadata } from './decoder-keys.ts';
import { computedTensors, decoderNames } from './decoder-names.ts';
import { fusedMlpNames, graniteMetadata, graniteMultipliers } from './granite.ts';

type Config = Readonly<Record<string, unknown>>;

const architecture = 'granitehybrid';
const mamba = 'model.layers.{n}.mamba';
const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** [H, 1] in the file. */
const column: GgufWeightForm = { shape: (shape) => [sizeOf(shape)], fileShape: (shape) => [...shape, 1] };
/** GGUF key, without the architecture → key of config.json, and what it is where the config is silent. */
const sizes = {
  'ssm.conv_kernel': ['mamba_d_conv', 4],
  'ssm.state_size': ['mamba_d_state', 256],
  'ssm.group_count': ['mamba_n_groups', 1],
  'ssm.time_step_rank': ['mamba_n_heads', 128],
} as const;

const layerTypesOf = ({ layer_types: types }: Config): readonly unknown[] => (Array.isArray(types) ? types : []);

const groupsOf = ({ mamba_n_groups: groups }: Config): number => Number(groups ?? sizes['ssm.group_count'][1]);

/** Infinity is an object where JSON has none. */
function isUnbounded({ time_step_limit: limit }: Config): boolean {
  if (limit === undefined || limit === null) return true;
  const [least, most] = Array.isArray(limit) ? (limit as readonly unknown[]) : [];
  return least === 0 && (most === Infinity || (typeof most === 'object' && most !== null && '__float__' in most && most.__float__ === 'Infinity'));
}

export const graniteHybrid: GgufFamily = {
  architecture,
  modelTypes: ['granitemoehybrid'],
  className: 'GraniteMoeHybridForCausalLM',
  ropeLayout: 'interleaved',
  names: {
    ...decoderNames,
    rope_freqs: 'rope_freqs',
    'blk.{n}.ssm_in': `${mamba}.in_proj`,
    'blk.{n}.ssm_conv1d': `${mamba}.conv1d`,
    'blk.{n}.ssm_dt.bias': `${mamba}.dt_bias`,
    'blk.{n}.ssm_a': `${mamba}.A_log`,
    'blk.{n}.ssm_d': `${mamba}.D`,
    'blk.{n}.ssm_norm': `${mamba}.norm`,
    'blk.{n}.ssm_out': `${mamba}.out_proj`,
  },
  writtenNames: fusedMlpNames,
  joinsParts: true,
  forms: {
    [`${mamba}.A_log`]: { ...column, form: 'negative exponential' },
    [`${mamba}.D`]: column,
    [`${mamba}.conv1d.weight`]: { shape: ([channels = 0, taps = 0]) => [channels, 1, taps], fileShape: ([channels = 0, , taps = 0]) => [channels, taps] },
    // A row a group.
    [`${mamba}.norm.weight`]: { shape: (shape) => [sizeOf(shape)], fileShape: (shape, config) => [groupsOf(config), sizeOf(shape) / groupsOf(config)] },
  },
  holds: (config) => config['num_local_experts'] === 0 && layerTypesOf(config).includes('linear_attention'),
  ignored: computedTensors,
  config(facts) {
    const { metadata, tensors } = facts;
    const key = (name: string): string => `${architecture}.${name}`;
    if ((metadata.optionalNumber(key('expert_count')) ?? 0) > 0)
      throw new AppError('MODEL_INVALID', { path: metadata.path, problem: 'models with experts are not in this version' });
    const config = decoderConfig(facts, architecture);
    const [inner, heads] = [metadata.number(key('ssm.inner_size')), metadata.number(key('ssm.time_step_rank'))];
    const keyHeads = metadata.optionalIntegers(key('attention.head_count_kv')) ?? new Int32Array();
    const types = Array.from(keyHeads, (count) => (count === 0 ? 'linear_attention' : 'full_attention'));
    return {
      ...config,
      ...biasKeys(facts),
      ...graniteMultipliers(facts, architecture, Number(config['head_dim'])),
      ...Object.fromEntries(Object.entries(sizes).map(([name, [target]]) => [target, metadata.number(key(name))])),
      attention_bias: tensors.has(`blk.${types.indexOf('full_attention')}.attn_q.bias`),
      hidden_act: 'silu',
      layer_types: types,
      mamba_conv_bias: tensors.has(`blk.${types.indexOf('linear_attention')}.ssm_conv1d.bias`),
      mamba_d_head: inner / heads,
      mamba_expand: inner / Number(config['hidden_size']),
      num_local_experts: 0,
      position_embedding_type: metadata.optionalBoolean(key('rope.scaling.finetuned')) === false ? 'nope' : 'rope',
      rope_parameters: ropeParameters(facts, architecture),
      shared_intermediate_size: config['intermediate_size'],
    };
  },
  metadata(config, path) {
    if (!isUnbounded(config)) throw new AppError('MODEL_INVALID', { path, problem: 'its time_step_limit cannot be written to GGUF' });
    const uint32 = (value: unknown): GgufValueToWrite => ({ type: 'uint32', value: Number(value) });
    const keyHeads = layerTypesOf(config).map((type) => (type === 'linear_attention' ? 0 : Number(config['num_key_value_heads'])));
    const entries: [string, GgufValueToWrite][] = [
      ...decoderMetadata({ ...config, intermediate_size: config['shared_intermediate_size'] }, architecture),
      ...graniteMetadata(config, architecture),
      ...ropeMetadata(config, architecture, path),
      ...Object.entries(sizes).map(([key, [name, silent]]): [string, GgufValueToWrite] => [`${architecture}.${key}`, uint32(config[name] ?? silent)]),
      [`${architecture}.ssm.inner_size`, uint32(Number(config['mamba_expand'] ?? 2) * Number(config['hidden_size']))],
      [`${architecture}.attention.head_count_kv`, { type: 'array', itemType: 'int32', values: keyHeads }],
      [`${architecture}.rope.scaling.finetuned`, { type: 'bool', value: config['position_embedding_type'] === 'rope' }],
    ];
    return new Map(entries);
  },
};
