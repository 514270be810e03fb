/** The tokenizer of a GGUF file as tokenizer.json and tokenizer_config.json. */
import { AppError } from '../../../shared/errors/app-error.ts';
import { tokenizerFromGguf } from '../tokenizer/from-gguf.ts';
import { ggufTokenType, takesSpaceAlong, type GgufTokenizerMetadata } from '../tokenizer/gguf-tokenizer-metadata.ts';
import { findPreTokenizer, knownPreTokenizers } from '../tokenizer/pre-tokenizers.ts';
import { sentencePieceMerges } from '../tokenizer/sentencepiece-merges.ts';

export interface HuggingFaceTokenizer {
  readonly tokenizer: object;
  readonly config: object;
}

type Pipeline = Readonly<Record<'normalizer' | 'pre_tokenizer' | 'decoder' | 'model', object | null>>;

/** `path` names the GGUF file in errors. */
export function tokenizerToHuggingFace(metadata: GgufTokenizerMetadata, path: string, chatTemplate: string | null): HuggingFaceTokenizer {
  const pipeline = metadata.model === 'gpt2' ? byteLevel(metadata, path) : metadata.model === 'llama' ? sentencePiece(metadata, path) : null;
  if (pipeline === null) throw new AppError('TOKENIZER_UNSUPPORTED', { path, problem: `its kind ${metadata.model} is not known`, known: 'gpt2, llama' });
  const { addBos } = tokenizerFromGguf(metadata, path);
  const named = { bos_token: metadata.bosId, eos_token: metadata.eosId, unk_token: metadata.unkId, pad_token: metadata.padId };
  const names = Object.entries(named).flatMap(([key, id]) => (id === null ? [] : [[key, metadata.tokens[id]]]));
  return {
    tokenizer: {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: addedTokens(metadata),
      ...pipeline,
      post_processor: addBos ? bosTemplate(metadata) : null,
    },
    config: {
      tokenizer_class: 'PreTrainedTokenizerFast',
      clean_up_tokenization_spaces: false,
      add_bos_token: addBos,
      ...(Object.fromEntries(names) as object),
      ...(chatTemplate === null ? {} : { chat_template: chatTemplate }),
    },
  };
}

function addedTokens(metadata: GgufTokenizerMetadata): object[] {
  const { tokens, tokenTypes } = metadata;
  return tokens.flatMap((content, id) => {
    const type = tokenTypes?.[id];
    const isSpecial = type === ggufTokenType.control || type === ggufTokenType.unknown;
    if (!isSpecial && type !== ggufTokenType.userDefined) return [];
    return [{ id, content, single_word: false, lstrip: false, rstrip: takesSpaceAlong(metadata, content), normalized: false, special: isSpecial }];
  });
}

/** Unused rows have names of their own, which no text must match. */
function vocabulary({ tokens, tokenTypes }: GgufTokenizerMetadata): Record<string, number> {
  return Object.fromEntries(tokens.flatMap((token, id) => (tokenTypes?.[id] === ggufTokenType.unused ? [] : [[token, id]])));
}

function byteLevel(metadata: GgufTokenizerMetadata, path: string): Pipeline {
  const row = findPreTokenizer(metadata.pre);
  if (row === undefined)
    throw new AppError('TOKENIZER_UNSUPPORTED', { path, problem: `its pre-tokeniser ${metadata.pre ?? ''} is not known`, known: knownPreTokenizers() });
  const splits = row.patterns.map((Regex) => ({ type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false }));
  const bytes = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false };
  return {
    normalizer: null,
    pre_tokenizer: { type: 'Sequence', pretokenizers: [...splits, bytes] },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: bpe(metadata, { merges: metadata.merges ?? [], byte_fallback: false, fuse_unk: false, unk_token: null, ignore_merges: row.ignoreMerges ?? false }),
  };
}

function sentencePiece(metadata: GgufTokenizerMetadata, path: string): Pipeline {
  const { scores, tokens, tokenTypes, unkId, addSpacePrefix } = metadata;
  if (scores === null)
    throw new AppError('TOKENIZER_UNSUPPORTED', { path, problem: 'its vocabulary has no scores', known: 'a vocabulary with tokenizer.ggml.scores' });
  const spaces = { type: 'Replace', pattern: { String: ' ' }, content: '\u2581' };
  const prefixes = addSpacePrefix ?? true;
  const words = { type: 'Replace', pattern: { String: '\u2581' }, content: ' ' };
  const strip = prefixes ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : [];
  return {
    normalizer: prefixes ? { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: '\u2581' }, spaces] } : spaces,
    pre_tokenizer: null,
    decoder: { type: 'Sequence', decoders: [words, { type: 'ByteFallback' }, { type: 'Fuse' }, ...strip] },
    model: bpe(metadata, {
      merges: sentencePieceMerges({ tokens, scores, tokenTypes }),
      byte_fallback: true,
      fuse_unk: true,
      unk_token: unkId === null ? null : (tokens[unkId] ?? null),
      ignore_merges: false,
    }),
  };
}

function bpe(metadata: GgufTokenizerMetadata, settings: object): object {
  return { type: 'BPE', dropout: null, continuing_subword_prefix: null, end_of_word_suffix: null, ...settings, vocab: vocabulary(metadata) };
}

function bosTemplate({ bosId, tokens }: GgufTokenizerMetadata): object {
  const token = tokens[bosId ?? 0] ?? '';
  const bos = { SpecialToken: { id: token, type_id: 0 } };
  return {
    type: 'TemplateProcessing',
    single: [bos, { Sequence: { id: 'A', type_id: 0 } }],
    pair: [bos, { Sequence: { id: 'A', type_id: 0 } }, bos, { Sequence: { id: 'B', type_id: 1 } }],
    special_tokens: { [token]: { id: token, ids: [bosId], tokens: [token] } },
  };
}
