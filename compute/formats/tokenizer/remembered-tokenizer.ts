/**
 * A tokenizer whose ids and names are remembered for the model's files as they are, so that it is built (a quarter of a second and more) only when text
 * has to be encoded or decoded: a run whose rows are cached needs neither.
 */
import { z } from 'zod';
import { statesOf } from '../file-state.ts';
import { Remembered } from '../remembered.ts';
import type { Tokenizer } from './tokenizer.ts';

const id = z.int().min(0).nullable();

/** What is asked of a tokenizer before any text. */
const TokenizerFacts = z.strictObject({
  vocabSize: z.int().min(1),
  bosId: id,
  eosId: id,
  unkId: id,
  padId: id,
  eotId: id,
  stopIds: z.array(z.int().min(0)),
  addBos: z.boolean(),
  addEos: z.boolean(),
  specials: z.array(z.tuple([z.string(), z.int().min(0)])),
  fingerprint: z.string(),
  /** Bytes, in hexadecimal, of the tokens that chat templates name. */
  bytes: z.record(z.string(), z.string()),
});
type TokenizerFacts = z.infer<typeof TokenizerFacts>;

export interface RememberedOptions {
  /** Of the model: they decide all of the tokenizer. */
  readonly files: readonly string[];
  readonly cacheDirectory: string;
  readonly build: () => Tokenizer;
}

/** Builds at once what was never seen before, else when it must. */
export function rememberedTokenizer({ files, cacheDirectory, build }: RememberedOptions): Tokenizer {
  const known = new Remembered(cacheDirectory, 'tokenizer-1', TokenizerFacts);
  const states = statesOf(files);
  const facts = states === null ? null : known.recall(states);
  if (facts !== null) return lazyTokenizer(facts, build);
  const tokenizer = build();
  if (states !== null) known.remember(states, factsOf(tokenizer));
  return tokenizer;
}

function factsOf(tokenizer: Tokenizer): TokenizerFacts {
  const { vocabSize, bosId, eosId, unkId, padId, eotId, addBos, addEos, fingerprint } = tokenizer;
  const named = [bosId, eosId, unkId, padId].filter((each) => each !== null);
  const bytes = Object.fromEntries(named.map((each) => [String(each), Buffer.from(tokenizer.tokenBytes(each)).toString('hex')]));
  const specials = [...tokenizer.specials];
  return { vocabSize, bosId, eosId, unkId, padId, eotId, stopIds: [...tokenizer.stopIds], addBos, addEos, specials, fingerprint, bytes };
}

function lazyTokenizer({ specials, bytes, ...facts }: TokenizerFacts, build: () => Tokenizer): Tokenizer {
  let built: Tokenizer | undefined;
  const real = (): Tokenizer => (built ??= build());
  const byText = new Map(specials);
  const special = new Set(byText.values());
  return {
    ...facts,
    specials: byText,
    encode: (text, options) => real().encode(text, options),
    decode: (ids, options) => real().decode(ids, options),
    tokenBytes: (token) => {
      const known = bytes[String(token)];
      return known === undefined ? real().tokenBytes(token) : Buffer.from(known, 'hex');
    },
    isSpecial: (token) => special.has(token),
  };
}
