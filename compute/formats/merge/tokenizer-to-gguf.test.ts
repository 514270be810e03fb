/** The pipelines that tokenizer.json files of the families have: what they cut is what the GGUF row cuts that they are written as. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { loadTokenizer } from '../tokenizer/load-tokenizer.ts';
import { tokenizerToGguf } from './tokenizer-to-gguf.ts';

const folder = temporaryFolder();
const { tokens, merges, texts, expected } = JSON.parse(readFileSync(new URL('../../../test/fixtures/tokenizer/byte-level.json', import.meta.url), 'utf8')) as {
  tokens: string[];
  merges: string[];
  texts: string[];
  expected: { pre: string; ids: number[][] }[];
};
const end = tokens.indexOf('<|im_end|>');
const vocab = Object.fromEntries(tokens.slice(0, end).map((token, id) => [token, id]));

const bytes = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false };
const words = (digits: string): string =>
  `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;
const split = (regex: string, how: object = { behavior: 'Isolated', invert: false }): object => ({ type: 'Split', pattern: { Regex: regex }, ...how });
const steps = (...pretokenizers: object[]): object => ({ type: 'Sequence', pretokenizers });
const onlyMatches = { behavior: 'Removed', invert: true };

const pipelines = {
  'Qwen 2 and 3': { pre: 'qwen2', normalizer: { type: 'NFC' }, pre_tokenizer: steps(split(words('\\p{N}')), bytes) },
  'Llama 3': { pre: 'llama-bpe', pre_tokenizer: steps(split(words('\\p{N}{1,3}')), bytes), ignore_merges: true },
  SmolLM3: { pre: 'dbrx', pre_tokenizer: steps(split(words('\\p{N}{1,3}')), bytes) },
  'Granite 3': { pre: 'smollm', pre_tokenizer: steps({ type: 'Digits', individual_digits: true }, { ...bytes, use_regex: true }) },
  'Granite 4': { pre: 'dbrx', pre_tokenizer: steps(split(words('\\p{N}{1,3}'), onlyMatches), bytes) },
} as const;

function write(
  name: string,
  { normalizer = null, pre_tokenizer, ignore_merges = false }: { normalizer?: object | null; pre_tokenizer: object; ignore_merges?: boolean },
): string {
  const directory = join(folder, name);
  mkdirSync(directory, { recursive: true });
  const added = [{ id: end, content: '<|im_end|>', special: true, normalized: false }];
  const json = { added_tokens: added, normalizer, pre_tokenizer, decoder: bytes, model: { type: 'BPE', vocab, merges, ignore_merges } };
  writeFileSync(join(directory, 'tokenizer.json'), JSON.stringify(json));
  return directory;
}

describe.each(Object.entries(pipelines))('the tokenizer of %s', (name, { pre, ...pipeline }) => {
  const directory = write(name, pipeline);

  it('cuts words as its row does', () => {
    const tokenizer = loadTokenizer({ kind: 'huggingface', directory });
    const rows = expected.find((row) => row.pre === pre)?.ids ?? [];
    const composed = [...texts.entries()].filter(([, text]) => text === text.normalize('NFC'));
    expect(composed.length).toBeGreaterThan(5);
    for (const [index, text] of composed) expect(tokenizer.encode(text), text).toEqual(rows[index]);
  });

  it('is written under the name of its row', () => {
    expect(tokenizerToGguf(directory, tokens.length, null).get('tokenizer.ggml.pre')).toEqual({ type: 'string', value: pre });
  });
});

describe('tokenizers that GGUF has no name for', () => {
  it.each([
    ['a normalizer that changes words', { normalizer: { type: 'Lowercase' }, pre_tokenizer: pipelines.SmolLM3.pre_tokenizer }],
    ['a pattern of its own', { pre_tokenizer: steps(split('\\p{L}+'), bytes) }],
    ['separators thrown away', { pre_tokenizer: steps(split(words('\\p{N}'), { behavior: 'Removed', invert: false }), bytes) }],
  ])('are refused: %s', (name, pipeline) => {
    expect(() => tokenizerToGguf(write(name, pipeline), tokens.length, null)).toThrow(expect.objectContaining({ code: 'TOKENIZER_UNSUPPORTED' }));
  });
});

it('Qwen composes characters before it cuts', () => {
  const tokenizer = loadTokenizer({ kind: 'huggingface', directory: write('composing', pipelines['Qwen 2 and 3']) });
  expect(tokenizer.encode('e\u0301')).toEqual(tokenizer.encode('\u00e9'));
});
