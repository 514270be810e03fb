/** Token ids of the real models against transformers' (repaired to follow the GGUF's own rules). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readGguf } from '../../compute/formats/gguf/gguf-reader.ts';
import { readGgufTokenizer } from '../../compute/formats/gguf/gguf-tokenizer.ts';
import { loadTokenizer } from '../../compute/formats/tokenizer/load-tokenizer.ts';
import type { Tokenizer } from '../../compute/formats/tokenizer/tokenizer.ts';
import { findGemma3, findShared, findSmollm2, withoutGemma3, withoutShared, withoutSmollm2 } from '../support/smollm2.ts';

interface Expected {
  tokenisation: { text: string; ids_default: number[]; ids_no_special: number[]; decoded: string }[];
}

const tokenizers = new Map<string, Tokenizer>();
function tokenizerOf(path: string): Tokenizer {
  const tokenizer = tokenizers.get(path) ?? loadTokenizer(readGgufTokenizer(readGguf(path).metadata), path);
  tokenizers.set(path, tokenizer);
  return tokenizer;
}

describe.each([
  { name: 'SmolLM2', model: findSmollm2(), expected: findShared('parity', 'smollm2_expected.json'), without: withoutSmollm2, texts: 16 },
  { name: 'Gemma 3', model: findGemma3(), expected: findShared('parity', 'gemma3_270m_expected.json'), without: withoutGemma3, texts: 8 },
])('$name', ({ model, expected, without, texts }) => {
  it('gives the reference ids for every text, and the text back', ({ skip }) => {
    if (model === null) return skip(without);
    if (expected === null) return skip(withoutShared);
    const tokenizer = tokenizerOf(model);
    const { tokenisation } = JSON.parse(readFileSync(expected, 'utf8')) as Expected;
    expect(tokenisation).toHaveLength(texts);
    for (const { text, ids_default, ids_no_special, decoded } of tokenisation) {
      expect(tokenizer.encode(text, { addSpecial: true })).toEqual(ids_default);
      expect(tokenizer.encode(text)).toEqual(ids_no_special);
      expect(tokenizer.decode(ids_no_special)).toBe(decoded);
    }
  });
});
