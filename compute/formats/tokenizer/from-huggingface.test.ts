import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadTokenizer } from './load-tokenizer.ts';

interface ByteLevel {
  tokens: string[];
  merges: string[];
  texts: string[];
  expected: { pre: string; ids: number[][] }[];
}
const { tokens, merges, texts, expected } = JSON.parse(
  readFileSync(new URL('../../../test/fixtures/tokenizer/byte-level.json', import.meta.url), 'utf8'),
) as ByteLevel;

const end = tokens.indexOf('<|im_end|>');
const vocab = Object.fromEntries(tokens.slice(0, end).map((token, id) => [token, id]));
const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
const base = {
  version: '1.0',
  added_tokens: [{ id: end, content: '<|im_end|>', special: true, normalized: false, lstrip: false, rstrip: false, single_word: false }],
  normalizer: null,
  pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Digits', individual_digits: true }, byteLevel] },
  post_processor: null as unknown,
  decoder: byteLevel,
  model: { type: 'BPE', vocab, merges: merges.map((merge) => merge.split(' ')) as unknown },
};
const idsOf = (pre: string): number[][] => expected.find((row) => row.pre === pre)?.ids ?? [];

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lathe-tokenizer-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function load(json: object, config?: object): ReturnType<typeof loadTokenizer> {
  writeFileSync(join(directory, 'tokenizer.json'), JSON.stringify(json));
  if (config !== undefined) writeFileSync(join(directory, 'tokenizer_config.json'), JSON.stringify(config));
  return loadTokenizer({ kind: 'huggingface', directory });
}

describe('tokenizer.json', () => {
  it('gives the ids of the reference, digits of every script split off', () => {
    const tokenizer = load(base);
    expect(texts.map((text) => tokenizer.encode(text))).toEqual(idsOf('smollm'));
    expect(tokenizer.vocabSize).toBe(tokens.length);
  });

  it('reads merges in the older form and a pre-tokenizer of one step', () => {
    const tokenizer = load({ ...base, pre_tokenizer: byteLevel, model: { ...base.model, merges } });
    expect(texts.map((text) => tokenizer.encode(text))).toEqual(idsOf('gpt-2'));
  });

  it('takes roles from tokenizer_config.json in both forms, and the template puts them in place', () => {
    const post_processor = {
      type: 'TemplateProcessing',
      single: [{ SpecialToken: { id: '<|im_end|>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
    };
    const tokenizer = load({ ...base, post_processor }, { bos_token: { content: '<|im_end|>' }, eos_token: '!' });
    expect([tokenizer.bosId, tokenizer.eosId]).toEqual([end, vocab['!']]);
    expect([tokenizer.addBos, tokenizer.addEos]).toEqual([true, false]);
    expect(tokenizer.encode('H', { addSpecial: true })).toEqual([end, ...tokenizer.encode('H')]);
    const without = load({ ...base, post_processor }, { bos_token: '<|im_end|>', add_bos_token: false });
    expect(without.encode('H', { addSpecial: true })).toEqual(without.encode('H'));
  });

  it('falls back on the ids of config.json', () => {
    writeFileSync(join(directory, 'config.json'), JSON.stringify({ bos_token_id: 3, eos_token_id: [4, 5] }));
    const tokenizer = load(base);
    expect([tokenizer.bosId, tokenizer.eosId]).toEqual([3, 4]);
  });

  it('refuses what it cannot do right, naming the file and the key', () => {
    expect(() => loadTokenizer({ kind: 'huggingface', directory })).toThrow(/tokenizer\.json not found/);
    expect(() => load({ ...base, model: { type: 'Unigram', vocab: [] } })).toThrow(/'Unigram'/);
    expect(() => load({ ...base, model: { ...base.model, vocab: { a: 1e9 } } })).toThrow(/has the id 1000000000/);
    expect(() => load({ ...base, decoder: { type: 'WordPiece' }, pre_tokenizer: null })).toThrow(/WordPiece/);
    expect(() => load({ ...base, added_tokens: [{ id: 'x' }] })).toThrow(/added_tokens\.0\.id/);
    expect(() => load({ ...base, pre_tokenizer: { type: 'Split', pattern: { String: 'x' }, behavior: 'MergedWithNext' } })).toThrow(/MergedWithNext/);
    writeFileSync(join(directory, 'tokenizer.json'), '{"model":');
    expect(() => loadTokenizer({ kind: 'huggingface', directory })).toThrow(/not valid JSON/);
  });

  it('names a step that the package does not know', () => {
    expect(() => load({ ...base, pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Sieve' }, byteLevel] } })).toThrow(
      expect.objectContaining({ code: 'TOKENIZER_UNSUPPORTED', message: expect.stringContaining('Sieve') as string }),
    );
  });
});
