/** Rope's parameters between GGUF metadata and Hugging Face's rope_parameters. */
import { AppError } from '../../../shared/errors/app-error.ts';
import { yarnAttention } from '../huggingface/normalise-config.ts';
import type { GgufFamilyFacts } from './gguf-family.ts';
import type { GgufMetadata } from './gguf-metadata.ts';
import type { GgufValueToWrite } from './gguf-writer.ts';

/**
 * Llama 3's scaling is no key in GGUF: the converter stores the divisors as tensor `rope_freqs.weight`, which whoever computes rope applies;
 * the type is then `default`, or the two would both scale.
 */
export function ropeParameters({ metadata, tensors }: GgufFamilyFacts, architecture: string): Record<string, unknown> {
  const key = (name: string): string => `${architecture}.rope.${name}`;
  const theta = metadata.optionalNumber(key('freq_base')) ?? 10000;
  const type = metadata.optionalString(key('scaling.type')) ?? 'none';
  const factor = metadata.optionalNumber(key('scaling.factor')) ?? metadata.optionalNumber(key('scale_linear'));
  if (tensors.has('rope_freqs.weight') || type === 'none' || factor === null || factor === 1) return { rope_theta: theta, rope_type: 'default' };
  const original = metadata.optionalNumber(key('scaling.original_context_length'));
  const yarn = type === 'yarn' ? yarnParameters(metadata, key, factor) : {};
  return { factor, ...(original === null ? {} : { original_max_position_embeddings: original }), rope_theta: theta, rope_type: type, ...yarn };
}

/** Keys of yarn in GGUF → of rope_parameters. */
const yarnTurns = { 'scaling.yarn_beta_fast': 'beta_fast', 'scaling.yarn_beta_slow': 'beta_slow' } as const;

/** llama.cpp multiplies the usual attention factor by those of the file. */
function yarnParameters(metadata: GgufMetadata, key: (name: string) => string, factor: number): Record<string, unknown> {
  const number = (name: string): number | null => metadata.optionalNumber(key(name));
  const odd =
    (number('scaling.yarn_ext_factor') ?? 1) !== 1
      ? 'scaling.yarn_ext_factor'
      : (number('scaling.yarn_log_multiplier') ?? 0) !== 0
        ? 'scaling.yarn_log_multiplier'
        : null;
  if (odd !== null) throw new AppError('MODEL_INVALID', { path: metadata.path, problem: `key ${key(odd)} has a value that is not in this version` });
  const own = (number('scaling.attn_factor') ?? 1) * (number('scaling.yarn_attn_factor') ?? 1);
  const turns = Object.entries(yarnTurns).flatMap(([name, target]) => (number(name) === null ? [] : [[target, number(name)]]));
  return { ...(Object.fromEntries(turns) as object), ...(own === 1 ? {} : { attention_factor: own * yarnAttention(factor) }) };
}

/** The other way. Llama 3's scaling becomes a tensor, which whoever writes the file adds (`llama3-rope.ts`). */
export function ropeMetadata(config: Readonly<Record<string, unknown>>, architecture: string, path: string): Map<string, GgufValueToWrite> {
  const rope = config['rope_parameters'] as Readonly<Record<string, unknown>>;
  const type = rope['rope_type'];
  const key = (name: string): string => `${architecture}.rope.${name}`;
  const metadata = new Map<string, GgufValueToWrite>([[key('freq_base'), { type: 'float32', value: Number(rope['rope_theta']) }]]);
  if (type === 'default' || type === 'llama3') return metadata;
  if (type === 'yarn') return new Map([...metadata, ...yarnMetadata(rope, key, path)]);
  if (type !== 'linear') throw new AppError('MODEL_INVALID', { path, problem: `rope of type ${String(type)} cannot be written to GGUF by this version` });
  metadata.set(key('scaling.type'), { type: 'string', value: 'linear' });
  return metadata.set(key('scaling.factor'), { type: 'float32', value: Number(rope['factor']) });
}

/** What can be told apart in 32 bits. */
const sameFactor = 1e-6;

function yarnMetadata(rope: Readonly<Record<string, unknown>>, key: (name: string) => string, path: string): Map<string, GgufValueToWrite> {
  if (rope['truncate'] === false) throw new AppError('MODEL_INVALID', { path, problem: 'yarn without truncate cannot be written to GGUF' });
  const number = (value: unknown): GgufValueToWrite => ({ type: 'float32', value: Number(value) });
  const factor = Number(rope['factor']);
  const own = Number(rope['attention_factor']) / yarnAttention(factor);
  return new Map<string, GgufValueToWrite>([
    [key('scaling.type'), { type: 'string', value: 'yarn' }],
    [key('scaling.factor'), number(factor)],
    [key('scaling.original_context_length'), { type: 'uint32', value: Number(rope['original_max_position_embeddings']) }],
    ...Object.entries(yarnTurns).map(([name, from]): [string, GgufValueToWrite] => [key(name), number(rope[from])]),
    ...(Math.abs(own - 1) < sameFactor ? [] : [[key('scaling.attn_factor'), number(own)] as const]),
  ]);
}
