/** Takes the tokenizer out of a GGUF file's metadata, as plain data. What it means is the tokenizer folder's business. */
import { AppError } from '../../../shared/errors/app-error.ts';
import type { GgufTokenizerMetadata } from '../tokenizer/gguf-tokenizer-metadata.ts';
import type { GgufMetadata } from './gguf-metadata.ts';

export function readGgufTokenizer(metadata: GgufMetadata): GgufTokenizerMetadata {
  const key = (name: string): string => `tokenizer.ggml.${name}`;
  const tokens = metadata.optionalStrings(key('tokens'));
  if (tokens === null) throw new AppError('MODEL_INVALID', { path: metadata.path, problem: 'it carries no tokenizer (tokenizer.ggml.tokens is missing)' });
  return {
    kind: 'gguf',
    model: metadata.string(key('model')),
    pre: metadata.optionalString(key('pre')),
    tokens,
    scores: metadata.optionalFloats(key('scores')),
    tokenTypes: metadata.optionalIntegers(key('token_type')),
    merges: metadata.optionalStrings(key('merges')),
    bosId: metadata.optionalNumber(key('bos_token_id')),
    eosId: metadata.optionalNumber(key('eos_token_id')),
    unkId: metadata.optionalNumber(key('unknown_token_id')),
    padId: metadata.optionalNumber(key('padding_token_id')),
    eotId: metadata.optionalNumber(key('eot_token_id')),
    addBos: metadata.optionalBoolean(key('add_bos_token')),
    addEos: metadata.optionalBoolean(key('add_eos_token')),
    addSpacePrefix: metadata.optionalBoolean(key('add_space_prefix')),
    ...(/phi-?3/i.test(metadata.optionalString('general.name') ?? '') ? { swallowsSpace: true } : {}),
  };
}
