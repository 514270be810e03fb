/**
 * Llama 3's rope scaling in both its forms: the four numbers of a config, and the divisor of each frequency that GGUF stores as
 * `rope_freqs.weight`. Formula: transformers, _compute_llama3_parameters.
 */

export interface Llama3Scaling {
  readonly factor: number;
  readonly low_freq_factor: number;
  readonly high_freq_factor: number;
  readonly original_max_position_embeddings: number;
}

interface RopeShape {
  readonly theta: number;
  readonly headDim: number;
}

/** The divisors, one for each pair of dimensions. */
export function llama3Divisors(scaling: Llama3Scaling, { theta, headDim }: RopeShape): Float32Array {
  const { factor, low_freq_factor: low, high_freq_factor: high, original_max_position_embeddings: original } = scaling;
  return Float32Array.from({ length: headDim / 2 }, (_, pair) => {
    const wavelength = 2 * Math.PI * theta ** ((2 * pair) / headDim);
    if (wavelength < original / high) return 1;
    if (wavelength > original / low) return factor;
    const smooth = (original / wavelength - low) / (high - low);
    return 1 / ((1 - smooth) / factor + smooth);
  });
}

const tolerance = 1e-3;
/** What every published Llama 3 uses, beside its factor. */
const published = { low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 8192 };

/** The four numbers behind stored divisors, or null if they are not the published ones. */
export function llama3ScalingOf(divisors: Float32Array, shape: RopeShape): Llama3Scaling | null {
  const factor = divisors.reduce((largest, value) => Math.max(largest, value), 1);
  const scaling = { factor, ...published };
  const expected = llama3Divisors(scaling, shape);
  const isSame = expected.length === divisors.length && expected.every((value, index) => Math.abs(value - (divisors[index] ?? 0)) <= tolerance * value);
  return isSame ? scaling : null;
}
