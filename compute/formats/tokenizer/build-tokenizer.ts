/**
 * The Tokenizer over @huggingface/tokenizers. The package encodes; BOS and EOS, decoding by bytes and the switch for control
 * tokens are ours, since the package does the first by template only, the second slowly, and the third not at all.
 */
import { createHash } from 'node:crypto';
import * as huggingFace from '@huggingface/tokenizers';
import { bytesOfByteLevelToken } from './byte-alphabet.ts';
import type { DecodeOptions, EncodeOptions, Tokenizer } from './tokenizer.ts';

interface Engine {
  model: unknown;
  encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] };
}

/** The package's declarations import one another without file endings, which Node's resolution does not follow: its class is typed here. */
const { Tokenizer: Engine } = huggingFace as unknown as { Tokenizer: new (json: object, config: object) => Engine };

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly special: boolean;
  readonly normalized: boolean;
  readonly lstrip?: boolean;
  readonly rstrip?: boolean;
  readonly single_word?: boolean;
}

/** How tokens are spelt: in GPT-2's byte alphabet, or as text with U+2581 for a space and `<0xNN>` for a byte. */
export type Spelling = 'byteLevel' | 'sentencePiece';

export interface TokenizerParts {
  /** Token texts by id; undefined where an id is unused. */
  readonly tokens: readonly (string | undefined)[];
  readonly spelling: Spelling;
  readonly normalizer: object | null;
  readonly preTokenizer: object | null;
  /** The two steps above without the space in front; null where none is put there. */
  readonly continuing: { readonly normalizer: object | null; readonly preTokenizer: object | null } | null;
  readonly model: { readonly merges: readonly (string | readonly [string, string])[]; readonly [key: string]: unknown };
  readonly added: readonly AddedToken[];
  /** Ids `addSpecial` puts before and after the text. */
  readonly prefix: readonly number[];
  readonly suffix: readonly number[];
  /** The decoder drops the space that the encoder put in front. */
  readonly dropsFirstSpace: boolean;
  readonly bosId: number | null;
  readonly eosId: number | null;
  readonly unkId: number | null;
  readonly padId: number | null;
  readonly eotId: number | null;
}

/** How the families spell the end of a turn or of a text. */
export const endings: readonly string[] = [
  '<|im_end|>',
  '<|eot_id|>',
  '<|end_of_turn|>',
  '<end_of_turn>',
  '<|end|>',
  '<|eom_id|>',
  '<|endoftext|>',
  '<|end_of_text|>',
];

interface EngineChoice {
  readonly parseSpecial: boolean;
  readonly continues: boolean;
}

type Encode = (text: string, choice: EngineChoice) => number[];

/** An engine; one that is given a model shares it instead of building its own. */
function makeEngine(parts: TokenizerParts, { parseSpecial, continues }: EngineChoice, model?: Engine['model']): Engine {
  const steps = continues ? (parts.continuing ?? parts) : parts;
  const added = parseSpecial ? parts.added : parts.added.filter((token) => !token.special);
  const own = model === undefined ? { merges: parts.model.merges, vocab: vocabularyOf(parts.tokens) } : { merges: [], vocab: {} };
  const json = { normalizer: steps.normalizer, pre_tokenizer: steps.preTokenizer, post_processor: null, decoder: null, added_tokens: added };
  const engine = new Engine({ ...json, model: { ...parts.model, type: 'BPE', ...own } }, {});
  if (model !== undefined) engine.model = model;
  return engine;
}

/** Encodes with the engine for each choice; those beyond the first are made when first asked for. */
function makeEncode(parts: TokenizerParts): Encode {
  const usual = makeEngine(parts, { parseSpecial: true, continues: false });
  const others = new Map<string, Engine>();
  const engineFor = (choice: EngineChoice): Engine => {
    if (choice.parseSpecial && !choice.continues) return usual;
    const key = JSON.stringify(choice);
    const engine = others.get(key) ?? makeEngine(parts, choice, usual.model);
    others.set(key, engine);
    return engine;
  };
  const encodeAll = (text: string, choice: EngineChoice): number[] => engineFor(choice).encode(text, { add_special_tokens: false }).ids;
  const specials = parts.added.filter((token) => token.special).map((token) => token.content);
  return (text, { parseSpecial, continues }) => {
    if (!continues || parts.continuing === null) return encodeAll(text, { parseSpecial, continues: false });
    // Only the text before the first control token goes on from what was before.
    const cut = parseSpecial ? Math.min(text.length, ...specials.map((special) => text.indexOf(special)).filter((at) => at >= 0)) : text.length;
    return [...encodeAll(text.slice(0, cut), { parseSpecial, continues: true }), ...encodeAll(text.slice(cut), { parseSpecial, continues: false })];
  };
}

function vocabularyOf(tokens: TokenizerParts['tokens']): Record<string, number> {
  const entries: [string, number][] = [];
  for (const [id, token] of tokens.entries()) if (token !== undefined) entries.push([token, id]);
  return Object.fromEntries(entries);
}

function fingerprintOf(parts: TokenizerParts): string {
  const hash = createHash('sha256');
  const { tokens, model, ...others } = parts;
  const { merges, ...settings } = model;
  for (const token of tokens) hash.update(token ?? '\u0001').update('\0');
  for (const merge of merges) hash.update(typeof merge === 'string' ? merge : merge.join(' ')).update('\0');
  hash.update(JSON.stringify([others, settings]));
  return hash.digest('hex');
}

function makeTokenBytes(parts: TokenizerParts): (id: number) => Uint8Array {
  const utf8 = new TextEncoder();
  const added = new Map(parts.added.map((token) => [token.id, token.content]));
  return (id) => {
    const literal = added.get(id);
    if (literal !== undefined) return utf8.encode(literal);
    const token = parts.tokens[id];
    if (token === undefined) return new Uint8Array(0);
    if (parts.spelling === 'byteLevel') return bytesOfByteLevelToken(token) ?? utf8.encode(token);
    if (/^<0x[0-9A-Fa-f]{2}>$/.test(token)) return Uint8Array.of(Number.parseInt(token.slice(3, 5), 16));
    return utf8.encode(token.replaceAll('\u2581', ' '));
  };
}

function makeDecode(parts: TokenizerParts, tokenBytes: (id: number) => Uint8Array, isSpecial: (id: number) => boolean): Tokenizer['decode'] {
  return (ids: ArrayLike<number>, { skipSpecial = false }: DecodeOptions = {}) => {
    const kept = Array.from(ids).filter((id) => !(skipSpecial && isSpecial(id)));
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(kept.map(tokenBytes)));
    // The added space comes first in the text proper: after a BOS, if that is shown.
    const bos = parts.bosId !== null && kept[0] === parts.bosId ? (parts.tokens[parts.bosId] ?? '') : '';
    return parts.dropsFirstSpace && text.startsWith(' ', bos.length) ? bos + text.slice(bos.length + 1) : text;
  };
}

export function buildTokenizer(parts: TokenizerParts): Tokenizer {
  const encode = makeEncode(parts);
  const specials = new Map(parts.added.filter((token) => token.special).map((token) => [token.content, token.id]));
  const specialIds = new Set(specials.values());
  const isSpecial = (id: number): boolean => specialIds.has(id);
  const tokenBytes = makeTokenBytes(parts);
  const stops = [parts.eosId, parts.eotId, ...endings.map((text) => specials.get(text) ?? null)].filter((id) => id !== null);
  let fingerprint: string | undefined;
  return {
    vocabSize: parts.tokens.length,
    bosId: parts.bosId,
    eosId: parts.eosId,
    unkId: parts.unkId,
    padId: parts.padId,
    eotId: parts.eotId,
    stopIds: [...new Set(stops)],
    addBos: parts.bosId !== null && parts.prefix.includes(parts.bosId),
    addEos: parts.eosId !== null && parts.suffix.includes(parts.eosId),
    specials,
    get fingerprint() {
      return (fingerprint ??= fingerprintOf(parts));
    },
    encode(text: string, { addSpecial = false, parseSpecial = true, continues = false }: EncodeOptions = {}) {
      const ids = encode(text, { parseSpecial, continues });
      return addSpecial ? [...parts.prefix, ...ids, ...parts.suffix] : ids;
    },
    decode: makeDecode(parts, tokenBytes, isSpecial),
    tokenBytes,
    isSpecial,
  };
}
