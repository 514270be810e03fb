/** Reads and checks the tokenizer's files of a Hugging Face folder. Knows their schema, not what they mean. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.ts';
import { withFileErrors } from '../file-errors.ts';

const limitBytes = 256 * 1024 * 1024;

const AddedTokenJson = z.object({
  id: z.int().nonnegative(),
  content: z.string(),
  special: z.boolean().default(false),
  normalized: z.boolean().optional(),
  lstrip: z.boolean().default(false),
  rstrip: z.boolean().default(false),
  single_word: z.boolean().default(false),
});

/** A step of the pipeline (normalizer, pre-tokenizer, decoder): a type and whatever it takes. */
export const Step = z.looseObject({ type: z.string() });
export type Step = z.infer<typeof Step>;

const TokenizerJson = z.looseObject({
  added_tokens: z.array(AddedTokenJson).default([]),
  normalizer: Step.nullable().default(null),
  pre_tokenizer: Step.nullable().default(null),
  post_processor: Step.nullable().default(null),
  decoder: Step.nullable().default(null),
  model: z.looseObject({
    type: z.string().default('BPE'),
    vocab: z.unknown(),
    merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])).optional(),
  }),
});
export type TokenizerJson = z.infer<typeof TokenizerJson>;

const NamedToken = z.union([z.string(), z.looseObject({ content: z.string() }).transform((token) => token.content)]).nullish();
const TokenizerConfig = z.looseObject({
  bos_token: NamedToken,
  eos_token: NamedToken,
  unk_token: NamedToken,
  pad_token: NamedToken,
  add_bos_token: z.boolean().nullish(),
  add_eos_token: z.boolean().nullish(),
});
export type TokenizerConfig = z.infer<typeof TokenizerConfig>;

const TokenId = z.union([z.int(), z.array(z.int()).transform((ids) => ids[0])]).nullish();
const ModelConfig = z.looseObject({ bos_token_id: TokenId, eos_token_id: TokenId, pad_token_id: TokenId });
export type ModelConfig = z.infer<typeof ModelConfig>;

const known = 'a folder with a tokenizer.json of a BPE model';

export const unsupportedTokenizer = (path: string, problem: string): AppError => new AppError('TOKENIZER_UNSUPPORTED', { path, problem, known });

/** The file's text, or null if there is none. */
function readText(path: string): string | null {
  if (!existsSync(path)) return null;
  return withFileErrors({ path, what: 'Tokenizer file', action: 'read' }, () => {
    const { size } = statSync(path);
    if (size > limitBytes) throw unsupportedTokenizer(path, `it is ${size} bytes long, more than any tokenizer`);
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  });
}

function parseFile<T>(path: string, text: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AppError('TOKENIZER_UNSUPPORTED', { path, problem: 'it is not valid JSON', known }, { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw unsupportedTokenizer(path, `${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'unexpected form'}`);
}

export interface HuggingFaceFiles {
  readonly path: string;
  readonly json: TokenizerJson;
  readonly tokenizerConfig: TokenizerConfig;
  readonly modelConfig: ModelConfig;
}

export function readHuggingFaceFiles(directory: string): HuggingFaceFiles {
  const path = join(directory, 'tokenizer.json');
  const text = readText(path);
  if (text === null) throw new AppError('FILE_MISSING', { what: 'tokenizer.json', path });
  const optional = <T>(name: string, schema: z.ZodType<T>): T => {
    const file = join(directory, name);
    return parseFile(file, readText(file) ?? '{}', schema);
  };
  return {
    path,
    json: parseFile(path, text, TokenizerJson),
    tokenizerConfig: optional('tokenizer_config.json', TokenizerConfig),
    modelConfig: optional('config.json', ModelConfig),
  };
}
