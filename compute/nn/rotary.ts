/**
 * The frequencies of rotary position embedding, by Hugging Face's rope_parameters: default, linear, llama3, longrope, yarn (modeling_rope_utils.py).
 * Computed in f32 where the reference does, so that both turn by the same angles.
 */
import { z } from 'zod';
import type { Variable } from '../autograd/tape.ts';
import { rope, type RopeLayout } from '../autograd/ops/rope.ts';
import { fromFloats, owned, tagged, type Tensor } from '../tensor/tensor.ts';
import type { Pass } from './pass.ts';

const number = z.number().positive();
const shared = {
  rope_theta: number,
  /** Of a head's values, the share that is turned. */
  partial_rotary_factor: number.max(1).default(1),
};

export const RopeParameters = z.discriminatedUnion('rope_type', [
  z.object({ rope_type: z.literal('default'), ...shared }),
  z.object({ rope_type: z.literal('linear'), ...shared, factor: number }),
  z.object({
    rope_type: z.literal('llama3'),
    ...shared,
    factor: number,
    low_freq_factor: number,
    high_freq_factor: number,
    original_max_position_embeddings: number,
  }),
  /** Divisors of the frequencies, one list for batches within the original context and one for longer ones (Ding et al. 2024). */
  z.object({
    rope_type: z.literal('longrope'),
    ...shared,
    short_factor: z.array(number),
    long_factor: z.array(number),
    /** What cos and sin are multiplied by, whichever list it is. */
    attention_factor: number,
    original_max_position_embeddings: number,
  }),
  /** Short wavelengths stay, long ones are slowed by `factor`, by how often they turn within the original context (Peng et al. 2023). */
  z.object({
    rope_type: z.literal('yarn'),
    ...shared,
    factor: number,
    original_max_position_embeddings: number,
    /** What cos and sin are multiplied by. */
    attention_factor: number,
    /** Turns from which a wavelength stays, and up to which it is slowed whole. */
    beta_fast: number,
    beta_slow: number,
    /** Whether the blending begins and ends at whole pairs. */
    truncate: z.boolean().default(true),
  }),
]);
export type RopeParameters = z.infer<typeof RopeParameters>;

/** theta^(2i/R) for i < R/2, R values of a head turned. */
const wavelengths = (theta: number, turned: number): Float32Array =>
  Float32Array.from({ length: turned / 2 }, (_, i) => theta ** Math.fround((2 * i) / turned));

/** Long wavelengths are slowed by `factor`, short ones stay, those between are blended. */
function llama3Frequency(frequency: number, parameters: Extract<RopeParameters, { rope_type: 'llama3' }>): number {
  const { factor, low_freq_factor: low, high_freq_factor: high, original_max_position_embeddings: original } = parameters;
  const wavelength = (2 * Math.PI) / frequency;
  if (wavelength > original / low) return frequency / factor;
  if (wavelength < original / high) return frequency;
  const smooth = (original / wavelength - low) / (high - low);
  return ((1 - smooth) * frequency) / factor + smooth * frequency;
}

/** The pairs between which yarn blends, of R values turned. */
function yarnRange(parameters: Extract<RopeParameters, { rope_type: 'yarn' }>, turned: number): readonly [low: number, high: number] {
  const { rope_theta: theta, original_max_position_embeddings: original, beta_fast, beta_slow, truncate } = parameters;
  const pairOf = (turns: number): number => (turned * Math.log(original / (turns * 2 * Math.PI))) / (2 * Math.log(theta));
  const [low, high] = [pairOf(beta_fast), pairOf(beta_slow)];
  const [first, last] = truncate ? [Math.floor(low), Math.ceil(high)] : [low, high];
  return [Math.max(first, 0), Math.min(last, turned - 1)];
}

function yarnFrequencies(longest: Float32Array, parameters: Extract<RopeParameters, { rope_type: 'yarn' }>, turned: number): Float32Array {
  const [low, high] = yarnRange(parameters, turned);
  const width = low === high ? 0.001 : high - low;
  const { fround } = Math;
  return longest.map((length, pair) => {
    const kept = fround(1 - Math.min(1, Math.max(0, fround(fround(pair - low) / width))));
    const [slowed, plain] = [fround(1 / fround(parameters.factor * length)), fround(1 / length)];
    return fround(slowed * fround(1 - kept)) + fround(plain * kept);
  });
}

/** The frequencies of a batch that reaches that many positions, f32 [R / 2]. */
export function inverseFrequencies(parameters: RopeParameters, headSize: number, reach: number): Float32Array {
  const turned = turnedValues(parameters, headSize);
  const longest = wavelengths(parameters.rope_theta, turned);
  const base = longest.map((length) => 1 / length);
  switch (parameters.rope_type) {
    case 'default':
      return base;
    case 'linear':
      return base.map((frequency) => frequency / parameters.factor);
    case 'llama3':
      return base.map((frequency) => llama3Frequency(frequency, parameters));
    case 'yarn':
      return yarnFrequencies(longest, parameters, turned);
    case 'longrope': {
      const divisors = isLong(parameters, reach) ? parameters.long_factor : parameters.short_factor;
      return longest.map((length, i) => 1 / Math.fround(Math.fround(divisors[i] ?? NaN) * length));
    }
  }
}

/** The values of a head that are turned: its first ones. */
export const turnedValues = ({ partial_rotary_factor: share }: RopeParameters, headSize: number): number => Math.trunc(headSize * share);

const isLong = (parameters: RopeParameters, reach: number): boolean =>
  parameters.rope_type === 'longrope' && reach > parameters.original_max_position_embeddings;

export class Rotary {
  readonly headSize: number;
  readonly layout: RopeLayout;
  readonly #parameters: RopeParameters;
  readonly #scale: number;
  /** For batches within the original context, and for longer ones where those have their own. */
  readonly #frequencies: readonly [short: Tensor, long: Tensor];

  /** `divisors` are a GGUF file's rope_freqs: frequencies are divided by them. */
  constructor({ headSize, layout, parameters, divisors }: { headSize: number; layout: RopeLayout; parameters: RopeParameters; divisors: Float32Array | null }) {
    this.headSize = headSize;
    this.layout = layout;
    this.#parameters = parameters;
    this.#scale = 'attention_factor' in parameters ? parameters.attention_factor : 1;
    const make = (reach: number): Tensor => fromFloats(inverseFrequencies(parameters, headSize, reach).map((frequency, i) => frequency / (divisors?.[i] ?? 1)));
    this.#frequencies = tagged('weights', () => owned(() => [make(0), make(Infinity)] as const));
  }

  /** x [T, heads·D]; returns [T, heads·D]. */
  forward(pass: Pass, x: Variable): Variable {
    const [short, long] = this.#frequencies;
    const inverseFrequency = isLong(this.#parameters, pass.reach) ? long : short;
    return rope(pass.tape, x, pass.positions, { inverseFrequency, headSize: this.headSize, layout: this.layout, scale: this.#scale });
  }

  dispose(): void {
    this.#frequencies.forEach((frequencies) => frequencies.release());
  }
}
