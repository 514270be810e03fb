import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { GgufTokenizerMetadata } from './gguf-tokenizer-metadata.ts';
import { loadTokenizer } from './load-tokenizer.ts';
import { preTokenizers } from './pre-tokenizers.ts';

const fixture = (name: string): unknown => JSON.parse(readFileSync(new URL(`../../../test/fixtures/tokenizer/${name}.json`, import.meta.url), 'utf8'));

const bare: GgufTokenizerMetadata = {
  kind: 'gguf',
  model: 'gpt2',
  pre: null,
  tokens: [],
  scores: null,
  tokenTypes: null,
  merges: null,
  bosId: null,
  eosId: null,
  unkId: null,
  padId: null,
  eotId: null,
  addBos: null,
  addEos: null,
  addSpacePrefix: null,
};

describe('byte-level BPE', () => {
  interface ByteLevel {
    tokens: string[];
    merges: string[];
    texts: string[];
    expected: { pre: string; ids: number[][] }[];
  }
  const { tokens, merges, texts, expected } = fixture('byte-level') as ByteLevel;
  const tokenTypes = Int32Array.from(tokens, (token) => (token === '<|im_end|>' ? 3 : 1));
  const end = tokens.indexOf('<|im_end|>');
  const metadata: GgufTokenizerMetadata = { ...bare, tokens, merges, tokenTypes, pre: 'smollm', eosId: end };

  it.each(expected)('cuts words as $pre does', ({ pre, ids }) => {
    const tokenizer = loadTokenizer({ ...metadata, pre });
    expect(texts.map((text) => tokenizer.encode(text))).toEqual(ids);
    expect(ids.map((row) => tokenizer.decode(row))).toEqual(texts);
  });

  it('has an expectation for every row of the table', () => {
    expect(preTokenizers.map((row) => row.names[0])).toEqual(expected.map((row) => row.pre));
  });

  it('reads control tokens in a text only where asked to', () => {
    const tokenizer = loadTokenizer(metadata);
    const text = 'see <|im_end|>';
    expect(tokenizer.encode(text)).toContain(end);
    const plain = tokenizer.encode(text, { parseSpecial: false });
    expect(plain).not.toContain(end);
    expect(tokenizer.decode(plain)).toBe(text);
    expect(tokenizer.decode(tokenizer.encode(text), { skipSpecial: true })).toBe('see ');
    expect(tokenizer.specials).toEqual(new Map([['<|im_end|>', end]]));
    expect(tokenizer.stopIds).toEqual([end]);
  });

  it('knows the end of a turn that an older file does not mark', () => {
    const tokenizer = loadTokenizer({ ...metadata, tokenTypes: tokenTypes.map(() => 1), eosId: null });
    expect(tokenizer.encode('<|im_end|>')).toEqual([end]);
    expect([tokenizer.isSpecial(end), tokenizer.stopIds]).toEqual([true, [end]]);
  });

  it('adds BOS and EOS by the file, else by the family', () => {
    const withBos = { ...metadata, bosId: 7 };
    expect(loadTokenizer(withBos).encode('H', { addSpecial: true })).toEqual(loadTokenizer(withBos).encode('H'));
    expect(loadTokenizer({ ...withBos, pre: 'llama-bpe' }).encode('', { addSpecial: true })).toEqual([7]);
    expect(loadTokenizer({ ...withBos, pre: 'llama-bpe', addBos: false }).addBos).toBe(false);
    expect(loadTokenizer({ ...withBos, addBos: true, addEos: true }).encode('', { addSpecial: true })).toEqual([7, end]);
  });

  it('gives a character torn over two tokens as a replacement character, and its bytes', () => {
    const tokenizer = loadTokenizer(metadata);
    const ids = tokenizer.encode('🦙');
    expect(ids.length).toBeGreaterThan(1);
    expect(tokenizer.decode(ids.slice(0, 1))).toBe('\ufffd');
    expect(Buffer.concat(ids.map((id) => tokenizer.tokenBytes(id))).toString()).toBe('🦙');
  });

  it('has a fingerprint that follows everything that decides ids', () => {
    const fingerprints = [metadata, { ...metadata, pre: 'gpt-2' }, { ...metadata, merges: merges.slice(1) }, { ...metadata, addEos: true }].map(
      (each) => loadTokenizer(each).fingerprint,
    );
    expect(new Set(fingerprints).size).toBe(4);
    expect(loadTokenizer({ ...metadata }).fingerprint).toBe(fingerprints[0]);
  });

  it('refuses what it does not know, by name', () => {
    expect(() => loadTokenizer({ ...metadata, pre: 'whale' }, 'a.gguf')).toThrow(/a\.gguf.*'whale'/);
    expect(() => loadTokenizer({ ...metadata, model: 'bert' })).toThrow(/'bert'/);
    expect(() => loadTokenizer({ ...metadata, merges: null })).toThrow(/without merges/);
    expect(() => loadTokenizer({ ...metadata, bosId: 9999 })).toThrow(/bosId 9999/);
    expect(() => loadTokenizer(bare)).toThrow(/vocabulary is empty/);
    const remedy = (() => {
      try {
        return loadTokenizer({ ...metadata, pre: 'whale' }).vocabSize;
      } catch (error) {
        return (error as { remedy: string }).remedy;
      }
    })();
    expect(remedy).toContain('smollm');
  });
});

describe('SentencePiece BPE', () => {
  interface Pieces {
    pieces: string[];
    scores: number[];
    cases: { text: string; ids: number[]; decoded: string }[];
  }
  const { pieces, scores, cases } = fixture('sentencepiece') as Pieces;
  const bytes = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
  const metadata: GgufTokenizerMetadata = {
    ...bare,
    model: 'llama',
    tokens: ['<unk>', '<s>', '</s>', ...bytes, ...pieces],
    scores: Float32Array.from([...new Array<number>(259).fill(0), ...scores]),
    tokenTypes: Int32Array.from([2, 3, 3, ...bytes.map(() => 6), ...pieces.map(() => 1)]),
    bosId: 1,
    eosId: 2,
    unkId: 0,
  };

  it.each(cases)('tokenises $text as sentencepiece does', ({ text, ids, decoded }) => {
    const tokenizer = loadTokenizer(metadata);
    expect(tokenizer.encode(text)).toEqual(ids);
    expect(tokenizer.decode(ids)).toBe(decoded);
    expect(tokenizer.encode(text, { addSpecial: true })).toEqual([1, ...ids]);
    expect(tokenizer.decode([1, ...ids])).toBe(`<s>${decoded}`);
  });

  it('leaves the first space out of the text where the file says so', () => {
    const tokenizer = loadTokenizer({ ...metadata, addSpacePrefix: false });
    expect(tokenizer.decode(tokenizer.encode(' the'))).toBe(' the');
    expect(tokenizer.encode('the')).not.toEqual(loadTokenizer(metadata).encode('the'));
  });

  it('puts no space before a text that continues, but does after a control token in it', () => {
    const tokenizer = loadTokenizer(metadata);
    const joint = tokenizer.encode('the laptop</s>the laptop');
    const [first, second] = ['the ', 'laptop</s>the laptop'];
    expect([...tokenizer.encode(first.trimEnd()), ...tokenizer.encode(` ${second}`, { continues: true })]).toEqual(joint);
    expect(tokenizer.encode(second)).not.toEqual(tokenizer.encode(second, { continues: true }));
    expect(tokenizer.encode('laptop</s>', { continues: true, parseSpecial: false })).not.toContain(2);
  });

  it('cuts user-defined tokens out of the raw text, the longest first', () => {
    const tokens = [...metadata.tokens, '  ', '    '];
    const tokenTypes = Int32Array.from([...(metadata.tokenTypes ?? []), 4, 4]);
    const tokenizer = loadTokenizer({ ...metadata, tokens, tokenTypes, scores: new Float32Array(tokens.length), addSpacePrefix: false });
    expect(tokenizer.encode('      ')).toEqual([tokens.length - 1, tokens.length - 2]);
    expect(tokenizer.isSpecial(tokens.length - 1)).toBe(false);
  });

  it('refuses a vocabulary without scores', () => {
    expect(() => loadTokenizer({ ...metadata, scores: null })).toThrow(/without scores/);
  });
});
