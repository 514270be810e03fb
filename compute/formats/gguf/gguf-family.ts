/** What the reader must know about a model family to put its GGUF file into Hugging Face's words. One family, one file in families/. */
import type { RopeLayout } from '../model-source.ts';
import type { GgufMetadata } from './gguf-metadata.ts';
import type { GgufTensor } from './gguf-reader.ts';

export interface GgufFamilyFacts {
  readonly metadata: GgufMetadata;
  /** By GGUF name. */
  readonly tensors: ReadonlyMap<string, GgufTensor>;
}

export interface GgufFamily {
  /** `general.architecture` of its files; also the prefix of its keys. */
  readonly architecture: string;
  /** Hugging Face's model_type. */
  readonly modelType: string;
  readonly ropeLayout: RopeLayout;
  /** GGUF name → Hugging Face name without `.weight` or `.bias`; `{n}` is the layer. */
  readonly names: Readonly<Record<string, string>>;
  /** GGUF tensors (without suffix) that carry nothing a model needs. */
  readonly ignored: readonly string[];
  /** Keys of config.json from the file's metadata. */
  config(facts: GgufFamilyFacts): Record<string, unknown>;
}
