/** A tokenizer from a Hugging Face folder's tokenizer.json; the special tokens' roles come from tokenizer_config.json or config.json. */
import { buildTokenizer, type Spelling, type TokenizerParts } from './build-tokenizer.ts';
import { readHuggingFaceFiles, unsupportedTokenizer, type HuggingFaceFiles, type Step, type TokenizerJson } from './huggingface-files.ts';
import { flattenSteps, rewritePreTokenizer, stepsOfContinuation } from './rewrite-steps.ts';
import type { Tokenizer } from './tokenizer.ts';

export function spellingOf(json: TokenizerJson, path: string): Spelling {
  const decoders = flattenSteps(json.decoder, 'decoders').map((step) => step.type);
  const cutters = flattenSteps(json.pre_tokenizer, 'pretokenizers').map((step) => step.type);
  if (decoders.includes('ByteLevel') || cutters.includes('ByteLevel')) return 'byteLevel';
  if (decoders.some((type) => type === 'ByteFallback' || type === 'Metaspace' || type === 'Replace')) return 'sentencePiece';
  throw unsupportedTokenizer(path, `its decoder (${decoders.join(', ') || 'none'}) is not known`);
}

/** Token texts by id, from the vocabulary and the added tokens. */
function tokensById(json: TokenizerJson, path: string): (string | undefined)[] {
  const { type, vocab } = json.model;
  if (type !== 'BPE') throw unsupportedTokenizer(path, `its model is '${type}'`);
  if (typeof vocab !== 'object' || vocab === null || Array.isArray(vocab)) throw unsupportedTokenizer(path, 'model.vocab is not an object');
  const entries = [...Object.entries(vocab), ...json.added_tokens.map((token) => [token.content, token.id] as const)];
  const limit = 2 * entries.length + 65_536;
  const tokens: (string | undefined)[] = [];
  for (const [token, id] of entries) {
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id > limit)
      throw unsupportedTokenizer(path, `token ${JSON.stringify(token)} has the id ${String(id)}`);
    tokens[id] = token;
  }
  // A hole in the ids is an unused id, not a missing element.
  return Array.from(tokens);
}

const isItem = (value: unknown): value is { readonly SpecialToken?: { readonly id: string }; readonly Sequence?: unknown } =>
  typeof value === 'object' && value !== null;

/** What the post-processor puts around a single text. */
function aroundText(post: Step | null, idOf: (token: string) => number | undefined): { prefix: number[]; suffix: number[] } {
  const prefix: number[] = [];
  const suffix: number[] = [];
  for (const step of flattenSteps(post, 'processors')) {
    const items: unknown = step.type === 'TemplateProcessing' ? step['single'] : [];
    let side = prefix;
    for (const item of Array.isArray(items) ? items : []) {
      if (!isItem(item)) continue;
      const id = item.SpecialToken === undefined ? undefined : idOf(item.SpecialToken.id);
      if (item.Sequence !== undefined) side = suffix;
      else if (id !== undefined) side.push(id);
    }
  }
  return { prefix, suffix };
}

/** `add_bos_token` and `add_eos_token`, where given, win over the template, as in transformers. */
const obey = (wanted: boolean | null | undefined, id: number | null, found: readonly number[]): readonly number[] => {
  if (wanted === null || wanted === undefined || id === null) return found;
  return wanted ? (found.includes(id) ? found : [id]) : found.filter((each) => each !== id);
};

function dropsFirstSpace(json: TokenizerJson): boolean {
  const decoders = flattenSteps(json.decoder, 'decoders');
  const metaspace = decoders.find((step) => step.type === 'Metaspace');
  if (metaspace !== undefined) return metaspace['prepend_scheme'] !== 'never' && metaspace['add_prefix_space'] !== false;
  return decoders.some((step) => step.type === 'Strip' && step['content'] === ' ' && Number(step['start'] ?? 0) > 0);
}

type Roles = Pick<TokenizerParts, 'bosId' | 'eosId' | 'unkId' | 'padId' | 'eotId'>;

function rolesOf(files: HuggingFaceFiles, idOf: (token: string) => number | undefined): Roles {
  const { tokenizerConfig, modelConfig, json } = files;
  const role = (token: string | null | undefined, id: number | null | undefined): number | null => (token == null ? undefined : idOf(token)) ?? id ?? null;
  const unk = json.model['unk_token'];
  return {
    bosId: role(tokenizerConfig.bos_token, modelConfig.bos_token_id),
    eosId: role(tokenizerConfig.eos_token, modelConfig.eos_token_id),
    padId: role(tokenizerConfig.pad_token, modelConfig.pad_token_id),
    unkId: role(tokenizerConfig.unk_token ?? (typeof unk === 'string' ? unk : null), null),
    eotId: null,
  };
}

/** The package throws plain errors, for instance for a step it does not know. */
function build(path: string, parts: TokenizerParts): Tokenizer {
  try {
    return buildTokenizer(parts);
  } catch (error) {
    throw unsupportedTokenizer(path, error instanceof Error ? error.message : String(error));
  }
}

export function tokenizerFromHuggingFace(directory: string): Tokenizer {
  const files = readHuggingFaceFiles(directory);
  const { json, path, tokenizerConfig } = files;
  const tokens = tokensById(json, path);
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const idOf = (token: string): number | undefined => ids.get(token);
  const roles = rolesOf(files, idOf);
  const around = aroundText(json.post_processor, idOf);
  const preTokenizer = rewritePreTokenizer(json.pre_tokenizer, path);
  const { vocab: _, merges = [], ...model } = json.model;
  return build(path, {
    tokens,
    spelling: spellingOf(json, path),
    normalizer: json.normalizer,
    preTokenizer,
    continuing: stepsOfContinuation({ normalizer: json.normalizer, preTokenizer }),
    model: { ...model, merges },
    added: json.added_tokens.map((token) => ({ ...token, normalized: token.normalized ?? !token.special })),
    prefix: obey(tokenizerConfig.add_bos_token, roles.bosId, around.prefix),
    suffix: obey(tokenizerConfig.add_eos_token, roles.eosId, around.suffix),
    dropsFirstSpace: dropsFirstSpace(json),
    ...roles,
  });
}
