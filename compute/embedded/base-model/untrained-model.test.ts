import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../formats/tokenizer/load-tokenizer.ts';
import { baseTensorShapes } from './architecture.ts';
import { writeUntrainedModel } from './untrained-model.ts';
import { baseVocabularySize } from './vocabulary.ts';

const folder = mkdtempSync(join(tmpdir(), 'lathe-base-'));
beforeAll(() => writeUntrainedModel(folder));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Header and data of a safetensors file, taken apart by hand. */
function readWeights(): { header: Record<string, { shape: number[]; data_offsets: [number, number] }>; data: Buffer } {
  const file = readFileSync(join(folder, 'model.safetensors'));
  const length = Number(file.readBigUInt64LE());
  return { header: JSON.parse(file.subarray(8, 8 + length).toString()) as ReturnType<typeof readWeights>['header'], data: file.subarray(8 + length) };
}

describe('the untrained base model', () => {
  it('has every tensor of its shape table, and shapes that Q8_0 can hold', () => {
    const { header } = readWeights();
    expect(Object.fromEntries(Object.entries(header).flatMap(([name, row]) => (name === '__metadata__' ? [] : [[name, row.shape]])))).toEqual(
      Object.fromEntries(baseTensorShapes()),
    );
    expect(baseTensorShapes().every(([, shape]) => (shape.at(-1) ?? 0) % 32 === 0)).toBe(true);
  });

  it.each([
    ['model.embed_tokens.weight', 0.02],
    ['model.layers.3.mlp.gate_proj.weight', 0.06],
    ['model.layers.0.self_attn.o_proj.weight', 0.02],
  ])('draws %s around 0 with the deviation %d', (name, wanted) => {
    const { header, data } = readWeights();
    const [start, end] = header[name]?.data_offsets ?? [0, 0];
    const values = Array.from({ length: (end - start) / 4 }, (_, index) => data.readFloatLE(start + 4 * index));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    expect(Math.abs(mean)).toBeLessThan(wanted / 50);
    expect(Math.abs(deviation - wanted)).toBeLessThan(wanted / 50);
  });

  it('carries its tokenizer', () => {
    const tokenizer = loadTokenizer({ kind: 'huggingface', directory: folder });
    expect(tokenizer.vocabSize).toBe(baseVocabularySize);
    expect(tokenizer.encode(' customer')).toHaveLength(1);
  });
});
