/** Rope's parameters from GGUF metadata, in the form of Hugging Face's rope_parameters. */
import type { GgufFamilyFacts } from './gguf-family.ts';

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
