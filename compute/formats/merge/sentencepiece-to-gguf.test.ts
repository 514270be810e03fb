/** A SentencePiece vocabulary from a folder gives the same ids as GGUF, with tokenizer.model and without. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { readGguf } from '../gguf/gguf-reader.ts';
import { readGgufTokenizer } from '../gguf/gguf-tokenizer.ts';
import { writeGguf } from '../gguf/gguf-writer.ts';
import type { GgufTokenizerMetadata } from '../tokenizer/gguf-tokenizer-metadata.ts';
import { loadTokenizer } from '../tokenizer/load-tokenizer.ts';
import { readSentencePieceModel } from '../tokenizer/sentencepiece-model.ts';
import { tokenizerToGguf } from './tokenizer-to-gguf.ts';
import { tokenizerToHuggingFace } from './tokenizer-to-huggingface.ts';

const folder = temporaryFolder();
const fixture = JSON.parse(readFileSync(new URL('../../../test/fixtures/tokenizer/sentencepiece.json', import.meta.url), 'utf8')) as {
  pieces: string[];
  scores: number[];
  cases: { text: string; ids: number[] }[];
};
const bytes = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
const tokens = ['<unk>', '<s>', '</s>', ...bytes, ...fixture.pieces, '<|user|>'];
const types = [2, 3, 3, ...bytes.map(() => 6), ...fixture.pieces.map(() => 1), 3];
const scores = [...new Array<number>(259).fill(0), ...fixture.scores, 0];
const none = { merges: null, padId: null, eotId: null, addEos: null, pre: null };
const source: GgufTokenizerMetadata = {
  ...{ kind: 'gguf', model: 'llama', ...none, tokens, scores: Float32Array.from(scores), tokenTypes: Int32Array.from(types) },
  ...{ bosId: 1, eosId: 2, unkId: 0, addBos: false, addSpacePrefix: true },
};

/** A tokenizer folder as transformers has it. */
function writeFolder(name: string): string {
  const directory = join(folder, name);
  mkdirSync(directory);
  const { tokenizer, config } = tokenizerToHuggingFace(source, 'the fixture', null);
  writeFileSync(join(directory, 'tokenizer.json'), JSON.stringify(tokenizer));
  writeFileSync(join(directory, 'tokenizer_config.json'), JSON.stringify(config));
  return directory;
}

const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]);
const bytesField = (field: number, content: Uint8Array): Buffer => Buffer.concat([Buffer.from([...varint(field * 8 + 2), ...varint(content.length)]), content]);

/** tokenizer.model as SentencePiece writes it: pieces, then the trainer's settings, then fields that are passed over. */
function sentencePieceModel(modelType: number): Buffer {
  const pieces = tokens.slice(0, -1).map((text, id) => {
    const score = Buffer.alloc(5, 21);
    score.writeFloatLE(scores[id] ?? 0, 1);
    return bytesField(1, Buffer.concat([bytesField(1, Buffer.from(text)), score, Buffer.from([24, types[id] ?? 1])]));
  });
  return Buffer.concat([...pieces, bytesField(2, Buffer.from([24, modelType, 32, ...varint(400)])), bytesField(3, Buffer.from([24, 1]))]);
}

async function throughGguf(directory: string): Promise<GgufTokenizerMetadata> {
  const path = `${directory}.gguf`;
  await writeGguf(path, { metadata: tokenizerToGguf(directory, tokens.length + 2, null), tensors: [] });
  return readGgufTokenizer(readGguf(path).metadata);
}

describe.each(['with', 'without'] as const)('%s tokenizer.model', (has) => {
  it('the ids are the same', async () => {
    const directory = writeFolder(has);
    if (has === 'with') writeFileSync(join(directory, 'tokenizer.model'), sentencePieceModel(2));
    const written = await throughGguf(directory);
    const [before, after] = [loadTokenizer({ kind: 'huggingface', directory }), loadTokenizer(written)];
    for (const { text, ids } of fixture.cases) {
      expect(after.encode(text)).toEqual(ids);
      expect(after.encode(`${text}<|user|>${text}`)).toEqual(before.encode(`${text}<|user|>${text}`));
    }
    expect([...(written.tokenTypes ?? [])]).toEqual([...types, 5, 5]);
    expect(written).toMatchObject({ model: 'llama', bosId: 1, eosId: 2, unkId: 0, addBos: false, addSpacePrefix: true });
    // The file's own scores, or ones in the same order.
    if (has === 'with') expect([...(written.scores ?? [])].slice(259, -3)).toEqual([...Float32Array.from(fixture.scores)]);
  });
});

describe('what is no such vocabulary is refused', () => {
  it('a unigram model', () => {
    const path = join(folder, 'unigram.model');
    writeFileSync(path, sentencePieceModel(1));
    expect(() => readSentencePieceModel(path)).toThrow('no byte-pair model');
  });

  it('a torn file, wherever it ends', () => {
    const whole = sentencePieceModel(2);
    const path = join(folder, 'torn.model');
    for (const end of [1, 2, 40, 3001, whole.length - 1]) {
      writeFileSync(path, whole.subarray(0, end));
      expect(() => readSentencePieceModel(path), String(end)).toThrow(expect.objectContaining({ code: 'TOKENIZER_UNSUPPORTED' }));
    }
  });

  it('merges that no scores can put in order', () => {
    const directory = writeFolder('disorder');
    const path = join(directory, 'tokenizer.json');
    const json = JSON.parse(readFileSync(path, 'utf8')) as { model: { merges: string[][] } };
    const { merges } = json.model;
    merges.push(merges[0] ?? []);
    writeFileSync(path, JSON.stringify(json));
    expect(() => tokenizerToGguf(directory, tokens.length, null)).toThrow('at two places');
  });
});
