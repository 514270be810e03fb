/**
 * The frequencies of rotary position embedding, by Hugging Face's rope_parameters: default, linear, llama3 (modeling_rope_utils.py).
 * Computed in f32 where the reference does, so that both turn by the same angles.
 */
import { z } from 'zod';
import type { Variable } from '../autograd/tape.ts';
import { rope, type RopeLayout } from '../autograd/ops/rope.ts';
import { fromFloats, tagged, unscoped, type Tensor } from '../tensor/tensor.ts';
import type { Pass } from './pass.ts';

export const RopeParameters = z.discriminatedUnion('rope_type', [
  z.object({ rope_type: z.literal('default'), rope_theta: z.number().positive() }),
  z.object({ rope_type: z.literal('linear'), rope_theta: z.number().positive(), factor: z.number().positive() }),
  z.object({
    rope_type: z.literal('llama3'),
    rope_theta: z.number().positive(),
    factor: z.number().positive(),
    low_freq_factor: z.number().positive(),
    high_freq_factor: z.number().positive(),
    original_max_position_embeddings: z.number().positive(),
  }),
]);
export type RopeParameters = z.infer<typeof RopeParameters>;

/** theta^(-2i/D) for i < D/2. */
function baseFrequencies(theta: number, headSize: number): Float32Array {
  return Float32Array.from({ length: headSize / 2 }, (_, i) => 1 / Math.fround(theta ** Math.fround((2 * i) / headSize)));
}

/** Long wavelengths are slowed by `factor`, short ones stay, those between are blended. */
function llama3Frequency(frequency: number, parameters: Extract<RopeParameters, { rope_type: 'llama3' }>): number {
  const { factor, low_freq_factor: low, high_freq_factor: high, original_max_position_embeddings: original } = parameters;
  const wavelength = (2 * Math.PI) / frequency;
  if (wavelength > original / low) return frequency / factor;
  if (wavelength < original / high) return frequency;
  const smooth = (original / wavelength - low) / (high - low);
  return ((1 - smooth) * frequency) / factor + smooth * frequency;
}

/** f32 [headSize / 2]. */
export function inverseFrequencies(parameters: RopeParameters, headSize: number): Float32Array {
  const base = baseFrequencies(parameters.rope_theta, headSize);
  switch (parameters.rope_type) {
    case 'default':
      return base;
    case 'linear':
      return base.map((frequency) => frequency / parameters.factor);
    case 'llama3':
      return base.map((frequency) => llama3Frequency(frequency, parameters));
  }
}

export class Rotary {
  readonly headSize: number;
  readonly layout: RopeLayout;
  readonly #inverseFrequency: Tensor;

  /** `divisors` are a GGUF file's rope_freqs: frequencies are divided by them. */
  constructor({ headSize, layout, parameters, divisors }: { headSize: number; layout: RopeLayout; parameters: RopeParameters; divisors: Float32Array | null }) {
    this.headSize = headSize;
    this.layout = layout;
    const frequencies = inverseFrequencies(parameters, headSize).map((frequency, i) => frequency / (divisors?.[i] ?? 1));
    this.#inverseFrequency = tagged('weights', () => unscoped(() => fromFloats(frequencies)));
  }

  /** x [T, heads·D]; returns [T, heads·D]. */
  forward(pass: Pass, x: Variable): Variable {
    return rope(pass.tape, x, pass.positions, { inverseFrequency: this.#inverseFrequency, headSize: this.headSize, layout: this.layout, scale: 1 });
  }

  dispose(): void {
    this.#inverseFrequency.release();
  }
}
