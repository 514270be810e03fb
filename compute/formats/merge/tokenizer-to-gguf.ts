/** The tokenizer of a Hugging Face folder as GGUF metadata: SentencePiece, or byte-level BPE whose pre-tokeniser GGUF has a name for. */
import { AppError } from '../../../shared/errors/app-error.ts';
import type { GgufValueToWrite } from '../gguf/gguf-writer.ts';
import { ggufTokenType } from '../tokenizer/gguf-tokenizer-metadata.ts';
import { spellingOf, tokenizerFromHuggingFace } from '../tokenizer/from-huggingface.ts';
import { readHuggingFaceFiles, type HuggingFaceFiles, type Step, type TokenizerJson } from '../tokenizer/huggingface-files.ts';
import { preTokenizers } from '../tokenizer/pre-tokenizers.ts';
import { flattenSteps } from '../tokenizer/rewrite-steps.ts';
import { sentencePieceToGguf } from './sentencepiece-to-gguf.ts';

const contraction = "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])";
const gpt2 = preTokenizers.find(({ names }) => names.includes('gpt-2'))?.patterns[0] ?? '';

/** Metadata of the tokenizer in `directory`, for a model of `vocabSize` rows; TOKENIZER_UNSUPPORTED if GGUF cannot say it. */
export function tokenizerToGguf(directory: string, vocabSize: number, chatTemplate: string | null): Map<string, GgufValueToWrite> {
  const files = readHuggingFaceFiles(directory);
  const tokenizer = tokenizerFromHuggingFace(directory);
  const isSentencePiece = spellingOf(files.json, files.path) === 'sentencePiece';
  const metadata = isSentencePiece ? sentencePieceToGguf(files, directory, vocabSize) : byteLevelToGguf(files, vocabSize);
  const ids = { bos: tokenizer.bosId, eos: tokenizer.eosId, unknown: tokenizer.unkId, padding: tokenizer.padId, eot: tokenizer.eotId };
  for (const [name, id] of Object.entries(ids)) if (id !== null) metadata.set(`tokenizer.ggml.${name}_token_id`, { type: 'uint32', value: id });
  metadata.set('tokenizer.ggml.add_bos_token', { type: 'bool', value: tokenizer.addBos });
  if (chatTemplate !== null) metadata.set('tokenizer.chat_template', { type: 'string', value: chatTemplate });
  return metadata;
}

function byteLevelToGguf({ path, json }: HuggingFaceFiles, vocabSize: number): Map<string, GgufValueToWrite> {
  const pre = preName(path, json);
  const { tokens, types } = vocabulary(path, json, vocabSize);
  const merges = (json.model.merges ?? []).map((merge) => (typeof merge === 'string' ? merge : merge.join(' ')));
  return new Map<string, GgufValueToWrite>([
    ['tokenizer.ggml.model', { type: 'string', value: 'gpt2' }],
    ['tokenizer.ggml.pre', { type: 'string', value: pre }],
    ['tokenizer.ggml.tokens', { type: 'array', itemType: 'string', values: tokens }],
    ['tokenizer.ggml.token_type', { type: 'array', itemType: 'int32', values: types }],
    ['tokenizer.ggml.merges', { type: 'array', itemType: 'string', values: merges }],
    ['tokenizer.ggml.add_space_prefix', { type: 'bool', value: false }],
  ]);
}

function unsupported(path: string, problem: string): never {
  throw new AppError('TOKENIZER_UNSUPPORTED', { path, problem, known: 'byte-level BPE with a pre-tokeniser that GGUF names' });
}

/** The patterns a pre-tokeniser's steps apply, in the spelling of the table; null for a step the table cannot hold. */
function patternsOf(step: Step): readonly (string | null)[] {
  if (step.type === 'Digits') return step['individual_digits'] === true ? ['\\p{N}'] : [null];
  if (step.type === 'ByteLevel') return step['add_prefix_space'] === true ? [null] : step['use_regex'] === false ? [] : [gpt2];
  if (step.type !== 'Split' || !keepsAllMatches(step)) return [null];
  const pattern = step['pattern'];
  const regex = typeof pattern === 'object' && pattern !== null && 'Regex' in pattern ? pattern.Regex : null;
  return [typeof regex === 'string' ? regex.replace("(?i:'s|'t|'re|'ve|'m|'ll|'d)", contraction) : null];
}

/** Every match a piece of its own: isolated, or all but the matches removed, which is the same for patterns that leave nothing out. */
const keepsAllMatches = (step: Step): boolean => step['behavior'] === 'Isolated' || (step['behavior'] === 'Removed' && step['invert'] === true);

/** llama.cpp does not normalise; like its converter we let pass what changes no text that is composed already. */
const isPlain = (normalizer: Step | null): boolean => normalizer === null || normalizer.type === 'NFC';

function preName(path: string, json: TokenizerJson): string {
  const steps = flattenSteps(json.pre_tokenizer, 'pretokenizers');
  if (json.model.type !== 'BPE' || !isPlain(json.normalizer) || !steps.some(({ type }) => type === 'ByteLevel'))
    unsupported(path, 'it is no plain byte-level BPE');
  const patterns = JSON.stringify(steps.flatMap(patternsOf));
  const ignoresMerges = json.model['ignore_merges'] === true;
  const row = preTokenizers.find((candidate) => JSON.stringify(candidate.patterns) === patterns && (candidate.ignoreMerges ?? false) === ignoresMerges);
  return row?.names[0] ?? unsupported(path, 'its pre-tokeniser has no name in GGUF');
}

function vocabulary(path: string, json: TokenizerJson, vocabSize: number): { tokens: string[]; types: number[] } {
  // Rows that no token uses get a name of their own, as llama.cpp's converter does.
  const tokens = Array.from({ length: vocabSize }, (_, id) => `[PAD${String(id)}]`);
  const types = Array.from<number>({ length: vocabSize }).fill(ggufTokenType.unused);
  const put = (token: string, id: unknown, type: number): void => {
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id >= vocabSize)
      return unsupported(path, `token ${token} has no row in a vocabulary of ${String(vocabSize)}`);
    tokens[id] = token;
    types[id] = type;
  };
  if (typeof json.model.vocab !== 'object' || json.model.vocab === null) unsupported(path, 'its vocabulary is no table');
  for (const [token, id] of Object.entries(json.model.vocab)) put(token, id, ggufTokenType.normal);
  for (const { content, id, special } of json.added_tokens) put(content, id, special ? ggufTokenType.control : ggufTokenType.userDefined);
  return { tokens, types };
}
