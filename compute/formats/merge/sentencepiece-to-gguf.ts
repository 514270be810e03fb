/**
 * A SentencePiece vocabulary of a Hugging Face folder as GGUF metadata. GGUF goes by scores: tokenizer.model has them; without it they follow
 * from the order of the merges in tokenizer.json.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { GgufValueToWrite } from '../gguf/gguf-writer.ts';
import { ggufTokenType } from '../tokenizer/gguf-tokenizer-metadata.ts';
import type { HuggingFaceFiles } from '../tokenizer/huggingface-files.ts';
import { stepsOfContinuation } from '../tokenizer/rewrite-steps.ts';
import { readSentencePieceModel } from '../tokenizer/sentencepiece-model.ts';

interface Row {
  text: string;
  score: number;
  type: number;
}

/** As llama.cpp's converter scores what is never merged. */
const unusedScore = -10_000;
const addedScore = -1000;

export function sentencePieceToGguf({ path, json }: HuggingFaceFiles, directory: string, vocabSize: number): Map<string, GgufValueToWrite> {
  const rows = Array.from({ length: vocabSize }, (_, id): Row => ({ text: `[PAD${String(id)}]`, score: unusedScore, type: ggufTokenType.unused }));
  const put = (id: unknown, row: Row): void => {
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id >= vocabSize)
      throw new AppError('TOKENIZER_UNSUPPORTED', { path, problem: `token ${row.text} has no row in a vocabulary of ${vocabSize}`, known: 'ids below it' });
    rows[id] = row;
  };
  const model = join(directory, 'tokenizer.model');
  if (existsSync(model)) readSentencePieceModel(model).forEach((piece, id) => put(id, piece));
  else for (const [text, id, score] of scoredTokens(json.model, path)) put(id, { text, score, type: typeOf(text, json.model['unk_token']) });
  for (const { content, id, special } of json.added_tokens) {
    const isUnknown = rows[id]?.type === ggufTokenType.unknown;
    put(id, { text: content, score: addedScore, type: isUnknown ? ggufTokenType.unknown : special ? ggufTokenType.control : ggufTokenType.userDefined });
  }
  const addsSpace = stepsOfContinuation({ normalizer: json.normalizer, preTokenizer: json.pre_tokenizer }) !== null;
  return new Map<string, GgufValueToWrite>([
    ['tokenizer.ggml.model', { type: 'string', value: 'llama' }],
    ['tokenizer.ggml.pre', { type: 'string', value: 'default' }],
    ['tokenizer.ggml.tokens', { type: 'array', itemType: 'string', values: rows.map(({ text }) => text) }],
    ['tokenizer.ggml.scores', { type: 'array', itemType: 'float32', values: rows.map(({ score }) => score) }],
    ['tokenizer.ggml.token_type', { type: 'array', itemType: 'int32', values: rows.map(({ type }) => type) }],
    ['tokenizer.ggml.add_space_prefix', { type: 'bool', value: addsSpace }],
  ]);
}

function typeOf(text: string, unknown: unknown): number {
  if (text === unknown) return ggufTokenType.unknown;
  return /^<0x[0-9A-F]{2}>$/.test(text) ? ggufTokenType.byte : ggufTokenType.normal;
}

/** The tokens with scores that put merges in their order: a token's is minus the place at which merges begin to make it. */
function scoredTokens({ vocab, merges = [] }: HuggingFaceFiles['json']['model'], path: string): [string, unknown, number][] {
  const places = new Map<string, number>();
  let last = '';
  for (const merge of merges) {
    const token = typeof merge === 'string' ? merge.replace(' ', '') : merge.join('');
    if (token === last) continue;
    if (places.has(token))
      throw new AppError('TOKENIZER_UNSUPPORTED', {
        path,
        problem: `its merges make ${token} at two places, which scores cannot say`,
        known: 'a folder with a tokenizer.model',
      });
    places.set(token, places.size);
    last = token;
  }
  // What no merge makes comes last: single characters, whose score nothing asks for.
  return Object.entries(vocab as Record<string, unknown>).map(([text, id]) => [text, id, -(places.get(text) ?? places.size)]);
}
