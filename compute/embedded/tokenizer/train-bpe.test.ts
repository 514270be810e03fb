import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from '@huggingface/jinja';
import { afterAll, describe, expect, it } from 'vitest';
import { corpusTexts } from '../corpus/corpus.ts';
import { supportRoutingRows } from '../support-routing/dataset.ts';
import { loadTokenizer } from '../../formats/tokenizer/load-tokenizer.ts';
import { chatTemplate, renderChat, specialTokens, type ChatMessage } from './chat-format.ts';
import { ggufTokenizer } from './gguf-tokenizer.ts';
import { preTokenize } from './pre-tokenize.ts';
import { tokenizerConfig, tokenizerJson } from './tokenizer-files.ts';
import { trainBpe } from './train-bpe.ts';

describe('preTokenize', () => {
  it('cuts digits one by one and words with the space before them', () => {
    expect(preTokenize('I don\'t see 42  boxes,\n\n{"a":1}  ')).toEqual([
      'I',
      ' don',
      "'t",
      ' see',
      ' ',
      '4',
      '2',
      ' ',
      ' boxes',
      ',',
      '\n',
      '\n',
      '{"',
      'a',
      '":',
      '1',
      '}',
      '  ',
    ]);
  });
});

describe('trainBpe', () => {
  const train = (texts: string[], size: number, minPieceCount = 1): ReturnType<typeof trainBpe> =>
    trainBpe(texts, { vocabularySize: 256 + size, specialTokens: [], minPieceCount });

  it('merges the most frequent pair first and breaks ties by the smaller pair', () => {
    // Pairs: l+o 3, o+w 3, w+e 1; the tie goes to `l o`, after which `lo w` has 3.
    expect(train(['low', 'low', 'lowe'], 3).merges).toEqual([
      ['l', 'o'],
      ['lo', 'w'],
    ]);
  });

  it('counts a run of one letter as its neighbours overlap, and stops when no pair is left twice', () => {
    expect(train(['aaaa'], 9).merges).toEqual([['a', 'a']]);
  });

  it('leaves rare pieces out', () => {
    expect(train(['ab ab ab cd'], 9, 2).merges).toEqual([
      ['a', 'b'],
      ['Ġ', 'ab'],
    ]);
  });
});

describe('the files of a trained vocabulary', () => {
  const vocabulary = trainBpe(corpusTexts(3000), { vocabularySize: 800, specialTokens, minPieceCount: 2 });
  const folder = mkdtempSync(join(tmpdir(), 'lathe-bpe-'));
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tokenizerJson(vocabulary)));
  writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify(tokenizerConfig(vocabulary, 64)));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const fromFolder = loadTokenizer({ kind: 'huggingface', directory: folder });
  const fromGguf = loadTokenizer(ggufTokenizer(vocabulary));

  it('give the same ids from tokenizer.json and from GGUF metadata, and the text back', () => {
    const odd = ['', '  two  spaces \t tab\n\n\nlines ', 'Grüße, 你好 🦙 ½ 12345', "we'll don't I'm", '<|im_start|>user\nhi<|im_end|>\n'];
    for (const text of [
      ...odd,
      ...supportRoutingRows('test')
        .slice(0, 50)
        .map(({ messages }) => messages.map(({ content }) => content).join('\n')),
    ]) {
      const ids = fromFolder.encode(text);
      expect(fromGguf.encode(text)).toEqual(ids);
      expect(fromFolder.decode(ids)).toBe(text);
    }
  });

  it('name the special tokens, which come first', () => {
    expect(fromGguf.specials).toEqual(new Map(specialTokens.map((token, id) => [token, id])));
    expect(fromGguf.stopIds).toContain(2);
    expect([fromFolder.bosId, fromFolder.eosId, fromFolder.padId, fromFolder.addBos]).toEqual([1, 2, 0, false]);
    expect([fromGguf.bosId, fromGguf.eosId, fromGguf.padId, fromGguf.addBos]).toEqual([1, 2, 0, false]);
  });
});

describe('the chat template', () => {
  it('renders what renderChat writes', () => {
    const messages: ChatMessage[] = [
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: ' Hi\n"there" ' },
      { role: 'assistant', content: '{}' },
    ];
    const rendered = new Template(chatTemplate).render({ messages, add_generation_prompt: false });
    expect(rendered).toBe(renderChat(messages));
    expect(new Template(chatTemplate).render({ messages, add_generation_prompt: true })).toBe(`${rendered}<|im_start|>assistant\n`);
  });
});
