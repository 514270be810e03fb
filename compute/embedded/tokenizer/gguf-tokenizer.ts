/** A trained vocabulary as GGUF metadata holds it. llama.cpp's pre-tokenizer `smollm` is the rule it was trained with. */
import { ggufTokenType, type GgufTokenizerMetadata } from '../../formats/tokenizer/gguf-tokenizer-metadata.ts';
import { specialRoles } from './chat-format.ts';
import type { BpeVocabulary } from './train-bpe.ts';

export function ggufTokenizer({ tokens, merges, specialTokens }: BpeVocabulary): GgufTokenizerMetadata {
  const special = new Set(specialTokens);
  return {
    kind: 'gguf',
    model: 'gpt2',
    pre: 'smollm',
    tokens,
    scores: null,
    tokenTypes: Int32Array.from(tokens, (token) => (special.has(token) ? ggufTokenType.control : ggufTokenType.normal)),
    merges: merges.map((pair) => pair.join(' ')),
    bosId: tokens.indexOf(specialRoles.begin),
    eosId: tokens.indexOf(specialRoles.end),
    unkId: tokens.indexOf(specialRoles.unknown),
    padId: tokens.indexOf(specialRoles.padding),
    eotId: null,
    addBos: false,
    addEos: false,
    addSpacePrefix: false,
  };
}
