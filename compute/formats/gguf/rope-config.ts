/** Rope's parameters between GGUF metadata and Hugging Face's rope_parameters. */
import { AppError } from '../../../shared/errors/app-error.ts';
import type { GgufFamilyFacts } from './gguf-family.ts';
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
  return { factor, ...(original === null ? {} : { original_max_position_embeddings: original }), rope_theta: theta, rope_type: type };
}

/** The other way. Llama 3's scaling becomes a tensor, which whoever writes the file adds (`llama3-rope.ts`). */
export function ropeMetadata(config: Readonly<Record<string, unknown>>, architecture: string, path: string): Map<string, GgufValueToWrite> {
  const rope = config['rope_parameters'] as Readonly<Record<string, unknown>>;
  const type = rope['rope_type'];
  const key = (name: string): string => `${architecture}.rope.${name}`;
  const metadata = new Map<string, GgufValueToWrite>([[key('freq_base'), { type: 'float32', value: Number(rope['rope_theta']) }]]);
  if (type === 'default' || type === 'llama3') return metadata;
  if (type !== 'linear') throw new AppError('MODEL_INVALID', { path, problem: `rope of type ${String(type)} cannot be written to GGUF by this version` });
  metadata.set(key('scaling.type'), { type: 'string', value: 'linear' });
  return metadata.set(key('scaling.factor'), { type: 'float32', value: Number(rope['factor']) });
}
