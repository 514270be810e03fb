/** What the reader must know about a model family to put its GGUF file into Hugging Face's words. One family, one file in families/. */
import type { RopeLayout, WeightForm } from '../model-source.ts';
import type { GgufMetadata } from './gguf-metadata.ts';
import type { GgufTensor } from './gguf-reader.ts';
import type { GgufTensorToWrite, GgufValueToWrite } from './gguf-writer.ts';

export interface GgufFamilyFacts {
  readonly metadata: GgufMetadata;
  /** By GGUF name. */
  readonly tensors: ReadonlyMap<string, GgufTensor>;
  /** The numbers of a small tensor that holds what Hugging Face has in config.json; null where there is none. */
  floats(name: string): Float32Array | null;
}

/** How a family's files hold a weight otherwise than Hugging Face does. */
export interface GgufWeightForm {
  readonly form?: WeightForm;
  /** Hugging Face's shape from the file's, and back; the numbers keep their order. */
  shape(ofFile: readonly number[]): readonly number[];
  fileShape(shape: readonly number[], config: Readonly<Record<string, unknown>>): readonly number[];
}

export interface GgufFamily {
  /** `general.architecture` of its files; also the prefix of its keys. */
  readonly architecture: string;
  /** Hugging Face's model_types that such files hold; read back, they all come as the first. */
  readonly modelTypes: readonly [string, ...string[]];
  /** Hugging Face's class for the first of them, for `architectures` in config.json. */
  readonly className: string;
  readonly ropeLayout: RopeLayout;
  /** What its files add to the weights of norms; absent: nothing. */
  readonly normShift?: number;
  /** By Hugging Face name, `{n}` the layer; absent: all weights as Hugging Face holds them. */
  readonly forms?: Readonly<Record<string, GgufWeightForm>>;
  /** GGUF name → Hugging Face name, both without `.weight` or `.bias` unless only one of them has it; `{n}` is the layer. */
  readonly names: Readonly<Record<string, string>>;
  /**
   * Names of further model types' modules, Hugging Face → GGUF, only to be written: several where these files hold a fused module in so many
   * equal parts, from top to bottom.
   */
  readonly writtenNames?: Readonly<Record<string, readonly string[]>>;
  /** A folder made from its files has the fused modules of `writtenNames`. */
  readonly joinsParts?: boolean;
  /** Which of its model types' models such files can hold; absent: all. */
  holds?(config: Readonly<Record<string, unknown>>): boolean;
  /** GGUF tensors (without suffix) that carry nothing a model needs. */
  readonly ignored: readonly string[];
  /** Keys of config.json from the file's metadata. */
  config(facts: GgufFamilyFacts): Record<string, unknown>;
  /** The other way: the file's metadata from a normalised config. Without the tokenizer, which is the same for all. */
  metadata(config: Readonly<Record<string, unknown>>, path: string): Map<string, GgufValueToWrite>;
  /** Tensors that hold what Hugging Face has in config.json. */
  tensors?(config: Readonly<Record<string, unknown>>): readonly GgufTensorToWrite[];
}

/** How the family's files hold the weight of this Hugging Face name; undefined: as Hugging Face does. */
export const weightFormOf = ({ forms }: GgufFamily, name: string): GgufWeightForm | undefined => forms?.[name.replace(/\.\d+\./, '.{n}.')];

/** What the family's files add to the weight of this Hugging Face name. */
export const normShiftOf = ({ normShift = 0 }: GgufFamily, name: string): number => (name.endsWith('norm.weight') ? normShift : 0);
