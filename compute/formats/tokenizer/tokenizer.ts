/** What the rest of the engine knows of a tokenizer: text to ids and back. Built by load-tokenizer.ts. */

export interface EncodeOptions {
  /** Put BOS and EOS where the model's own rules put them. Default false. */
  readonly addSpecial?: boolean;
  /** Read control tokens written in the text (such as `<|im_end|>`) as those tokens. Default true, as transformers does. */
  readonly parseSpecial?: boolean;
  /** The text goes on from tokens before it: the space that some vocabularies put in front of a text is left out. Default false. */
  readonly continues?: boolean;
}

export interface DecodeOptions {
  /** Leave control tokens out of the text. Default false. */
  readonly skipSpecial?: boolean;
}

export interface Tokenizer {
  readonly vocabSize: number;
  readonly bosId: number | null;
  readonly eosId: number | null;
  readonly unkId: number | null;
  readonly padId: number | null;
  /** End of a turn where the model names one apart from EOS. */
  readonly eotId: number | null;
  /** Tokens that end an answer: EOS, end of turn, and the vocabulary's own spellings of these. */
  readonly stopIds: readonly number[];
  /** Whether `addSpecial` puts BOS in front. */
  readonly addBos: boolean;
  /** Whether `addSpecial` puts EOS at the end. */
  readonly addEos: boolean;
  /** Control tokens by their text. */
  readonly specials: ReadonlyMap<string, number>;
  /** SHA-256 over everything that decides ids: two tokenizers with one fingerprint give the same ids. */
  readonly fingerprint: string;
  encode(text: string, options?: EncodeOptions): number[];
  decode(ids: ArrayLike<number>, options?: DecodeOptions): string;
  /** The bytes a token stands for; a control token stands for its own spelling. */
  tokenBytes(id: number): Uint8Array;
  isSpecial(id: number): boolean;
}
