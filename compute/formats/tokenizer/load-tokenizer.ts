/** The one door to tokenizers: from GGUF metadata or from a Hugging Face folder. */
import type { TokenizerSource } from './gguf-tokenizer-metadata.ts';
import { tokenizerFromGguf } from './from-gguf.ts';
import { tokenizerFromHuggingFace } from './from-huggingface.ts';
import type { Tokenizer } from './tokenizer.ts';

/** `path` names the model file in errors; a folder names itself. */
export const loadTokenizer = (source: TokenizerSource, path = 'the GGUF file'): Tokenizer =>
  source.kind === 'gguf' ? tokenizerFromGguf(source, path) : tokenizerFromHuggingFace(source.directory);
