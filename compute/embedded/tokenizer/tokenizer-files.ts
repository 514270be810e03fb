/** Writes a trained vocabulary the way Hugging Face folders hold it: the contents of tokenizer.json and tokenizer_config.json. */
import { chatTemplate, specialRoles } from './chat-format.ts';
import type { BpeVocabulary } from './train-bpe.ts';

const addedToken = (content: string, id: number): object => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
});

export function tokenizerJson({ tokens, merges, specialTokens }: BpeVocabulary): object {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specialTokens.map(addedToken),
    normalizer: null,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Digits', individual_digits: true },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
      ],
    },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: merges.map((pair) => pair.join(' ')),
    },
  };
}

export function tokenizerConfig({ specialTokens }: BpeVocabulary, maxLength: number): object {
  return {
    tokenizer_class: 'GPT2Tokenizer',
    add_prefix_space: false,
    add_bos_token: false,
    bos_token: specialRoles.begin,
    eos_token: specialRoles.end,
    unk_token: specialRoles.unknown,
    pad_token: specialRoles.padding,
    clean_up_tokenization_spaces: false,
    model_max_length: maxLength,
    added_tokens_decoder: Object.fromEntries(
      specialTokens.map((content, id) => [String(id), { content, lstrip: false, rstrip: false, normalized: false, single_word: false, special: true }]),
    ),
    chat_template: chatTemplate,
  };
}
