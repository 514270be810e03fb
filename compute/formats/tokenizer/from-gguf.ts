/** A tokenizer from GGUF metadata: byte-level BPE ('gpt2') and SentencePiece BPE ('llama'). */
import { AppError } from '../../../shared/errors/app-error.ts';
import { buildTokenizer, endings, type AddedToken, type TokenizerParts } from './build-tokenizer.ts';
import { ggufTokenType, takesSpaceAlong, type GgufTokenizerMetadata } from './gguf-tokenizer-metadata.ts';
import { findPreTokenizer, knownPreTokenizers } from './pre-tokenizers.ts';
import { sentencePieceMerges } from './sentencepiece-merges.ts';
import type { Tokenizer } from './tokenizer.ts';

const unsupported = (path: string, problem: string, known: string): AppError => new AppError('TOKENIZER_UNSUPPORTED', { path, problem, known });

/**
 * Control and user-defined tokens are cut out of the text before anything else, the longest first. The known ends of a turn are control
 * tokens whatever the file calls them: older converters did not mark them.
 */
function addedTokens(metadata: GgufTokenizerMetadata): AddedToken[] {
  const { tokens, tokenTypes } = metadata;
  const added: AddedToken[] = [];
  for (const [id, content] of tokens.entries()) {
    const type = tokenTypes?.[id];
    const special = type === ggufTokenType.control || type === ggufTokenType.unknown || endings.includes(content);
    if ((special || type === ggufTokenType.userDefined) && content !== '')
      added.push({ id, content, special, normalized: false, ...(takesSpaceAlong(metadata, content) ? { rstrip: true } : {}) });
  }
  return added;
}

type Shared = Pick<TokenizerParts, 'tokens' | 'added' | 'prefix' | 'suffix' | 'bosId' | 'eosId' | 'unkId' | 'padId' | 'eotId'>;

function sharedParts(metadata: GgufTokenizerMetadata, addsBos: boolean): Shared {
  const { tokens, bosId, eosId, unkId, padId, eotId } = metadata;
  const prefix = bosId !== null && (metadata.addBos ?? addsBos) ? [bosId] : [];
  const suffix = eosId !== null && (metadata.addEos ?? false) ? [eosId] : [];
  return { tokens, added: addedTokens(metadata), prefix, suffix, bosId, eosId, unkId, padId, eotId };
}

function byteLevelParts(metadata: GgufTokenizerMetadata, path: string): TokenizerParts {
  const row = findPreTokenizer(metadata.pre);
  if (row === undefined) throw unsupported(path, `its pre-tokenizer '${metadata.pre ?? ''}' is not known`, knownPreTokenizers());
  if (metadata.merges === null) throw unsupported(path, 'a gpt2 vocabulary without merges', 'a vocabulary with tokenizer.ggml.merges');
  const splits = row.patterns.map((pattern) => ({ type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false }));
  const bytes = { type: 'ByteLevel', add_prefix_space: false, use_regex: false };
  return {
    ...sharedParts(metadata, row.addBos ?? false),
    spelling: 'byteLevel',
    normalizer: null,
    preTokenizer: { type: 'Sequence', pretokenizers: [...splits, bytes] },
    continuing: null,
    model: { merges: metadata.merges, ignore_merges: row.ignoreMerges ?? false },
    dropsFirstSpace: false,
  };
}

function sentencePieceParts(metadata: GgufTokenizerMetadata, path: string): TokenizerParts {
  const { tokens, scores, tokenTypes, unkId } = metadata;
  if (scores === null) throw unsupported(path, 'a llama vocabulary without scores', 'a vocabulary with tokenizer.ggml.scores');
  const prefixesSpace = metadata.addSpacePrefix ?? true;
  const spaces = { type: 'Replace', pattern: { String: ' ' }, content: '\u2581' };
  const prepend = { type: 'Prepend', prepend: '\u2581' };
  return {
    ...sharedParts(metadata, true),
    spelling: 'sentencePiece',
    normalizer: prefixesSpace ? { type: 'Sequence', normalizers: [prepend, spaces] } : spaces,
    preTokenizer: null,
    continuing: prefixesSpace ? { normalizer: spaces, preTokenizer: null } : null,
    model: { merges: sentencePieceMerges({ tokens, scores, tokenTypes }), byte_fallback: true, unk_token: unkId === null ? null : (tokens[unkId] ?? null) },
    dropsFirstSpace: prefixesSpace,
  };
}

function checkIds(metadata: GgufTokenizerMetadata, path: string): void {
  if (metadata.tokens.length === 0) throw unsupported(path, 'its vocabulary is empty', 'a vocabulary with tokens');
  for (const key of ['bosId', 'eosId', 'unkId', 'padId', 'eotId'] as const) {
    const id = metadata[key];
    if (id !== null && !(id >= 0 && id < metadata.tokens.length)) {
      throw unsupported(path, `its ${key} ${id} lies outside the ${metadata.tokens.length} tokens`, 'ids inside the vocabulary');
    }
  }
}

/** `path` names the file in errors. */
export function tokenizerFromGguf(metadata: GgufTokenizerMetadata, path: string): Tokenizer {
  checkIds(metadata, path);
  if (metadata.model === 'gpt2') return buildTokenizer(byteLevelParts(metadata, path));
  if (metadata.model === 'llama') return buildTokenizer(sentencePieceParts(metadata, path));
  throw unsupported(path, `its kind '${metadata.model}' is not known`, 'gpt2 (byte-level BPE), llama (SentencePiece BPE)');
}
