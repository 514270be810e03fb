/** The tokenizer part of a GGUF file's metadata as plain data; the GGUF reader fills it, the tokenizer is built from it. */

/** Values of `tokenizer.ggml.token_type`. */
export const ggufTokenType = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;

export interface GgufTokenizerMetadata {
  readonly kind: 'gguf';
  /** `tokenizer.ggml.model`: 'gpt2' is byte-level BPE, 'llama' is SentencePiece BPE. */
  readonly model: string;
  /** `tokenizer.ggml.pre`: how text is cut into words before merging. */
  readonly pre: string | null;
  readonly tokens: readonly string[];
  readonly scores: Float32Array | null;
  readonly tokenTypes: Int32Array | null;
  readonly merges: readonly string[] | null;
  readonly bosId: number | null;
  readonly eosId: number | null;
  readonly unkId: number | null;
  readonly padId: number | null;
  readonly eotId: number | null;
  readonly addBos: boolean | null;
  readonly addEos: boolean | null;
  readonly addSpacePrefix: boolean | null;
  /** Control tokens swallow the white space after them. No key says so; llama.cpp goes by the model's name, which is Phi-3's. */
  readonly swallowsSpace?: boolean;
}

const neverSwallows = ['<unk>', '<s>', '<|endoftext|>'];

/** Whether this token, which is cut out of the text, takes the white space after it along. */
export const takesSpaceAlong = ({ swallowsSpace = false }: GgufTokenizerMetadata, token: string): boolean => swallowsSpace && !neverSwallows.includes(token);

/** A Hugging Face model folder: tokenizer.json and tokenizer_config.json are read from it. */
export interface HuggingFaceTokenizerSource {
  readonly kind: 'huggingface';
  readonly directory: string;
}

export type TokenizerSource = GgufTokenizerMetadata | HuggingFaceTokenizerSource;
