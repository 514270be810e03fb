/** What a base model on disk is, whichever format it has: its weights' places, its config in Hugging Face's words, its tokenizer's origin. No data is read. */
import type { DType } from '../tensor/dtype.ts';
import type { HashOf } from './sha256.ts';
import type { TokenizerSource } from './tokenizer/gguf-tokenizer-metadata.ts';

/** Where one weight lies; enough to map it. */
export interface WeightEntry {
  /** Hugging Face's name, e.g. `model.layers.0.self_attn.q_proj.weight`. */
  readonly name: string;
  readonly dtype: DType;
  /** Outermost first: [out, in]. */
  readonly shape: readonly number[];
  readonly path: string;
  readonly offset: number;
  readonly bytes: number;
  /** What the file adds to Hugging Face's numbers: 1 in the norms of Gemma's GGUF files. Absent: nothing. */
  readonly shift?: number;
  /** How the file holds Hugging Face's number x, as -e^x in Mamba's GGUF files. Absent: as it is. */
  readonly form?: WeightForm;
}

export type WeightForm = 'negative exponential';

/**
 * How the rows of q and k are ordered within a head: `half` pairs row i with i + headDim/2 (Hugging Face), `interleaved` pairs 2i with
 * 2i + 1 (GGUF files of the llama architecture). Rope must turn the same pairs.
 */
export type RopeLayout = 'half' | 'interleaved';

export interface ModelSource {
  readonly path: string;
  readonly format: 'gguf' | 'huggingface';
  /** Hugging Face's model_type: llama, mistral, … */
  readonly architecture: string;
  readonly name: string;
  /** Hugging Face's config.json in the one form of `huggingface/normalise-config.ts`; GGUF metadata is translated to it. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly ropeLayout: RopeLayout;
  /** What PEFT calls `model.`, where this is the language model of a model that takes more than text. */
  readonly textPrefix?: string;
  /** By Hugging Face name. `lm_head.weight` is absent when tied; `rope_freqs.weight` (GGUF) holds divisors of rope's frequencies. */
  readonly weights: ReadonlyMap<string, WeightEntry>;
  /** Read when first asked for. */
  readonly tokenizer: TokenizerSource;
  readonly chatTemplate: string | null;
  /** SPDX-like licence name if the model names one. */
  readonly licence: string | null;
  /** Every file that makes up the model, sorted. */
  readonly files: readonly string[];
  /** Size of those files together. */
  readonly bytes: number;
  /** Of the GGUF file; of a folder: over the lines "sha256  name" of its files, sorted by name. */
  sha256(hashOf?: HashOf): Promise<string>;
}
