/** A requantised model differs from the first in the types of its layers' matrices, and in nothing else. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readGguf, type GgufFile, type GgufTensor } from '../../../compute/formats/gguf/gguf-reader.ts';
import { writeGguf } from '../../../compute/formats/gguf/gguf-writer.ts';
import { tinyMetadata, tinyTensors } from '../../../compute/formats/gguf/tiny-gguf.fixture.ts';
import { dequantise } from '../../../compute/formats/quants/dequantise.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { requantise } from './requantise-model.ts';

const folder = temporaryFolder();

async function tinyModel(): Promise<GgufFile> {
  const path = join(folder, 'tiny.gguf');
  await writeGguf(path, { metadata: tinyMetadata(), tensors: tinyTensors() });
  return readGguf(path);
}

const bytesOf = ({ path }: GgufFile, { offset, bytes }: GgufTensor): Buffer => readFileSync(path).subarray(offset, offset + bytes);

/** Root of the mean squared difference, over the largest number. */
function difference(first: Float32Array, second: Float32Array): number {
  const sum = first.reduce((all, value, i) => all + (value - (second[i] ?? 0)) ** 2, 0);
  return Math.sqrt(sum / first.length) / Math.max(...first.map(Math.abs));
}

describe('requantise', () => {
  it('changes the matrices of the layers and leaves the rest byte by byte', async () => {
    const first = await tinyModel();
    const { path, share } = await requantise(first.path, 'q5_1', folder);
    const second = readGguf(path);
    expect(share).toBe(1);
    expect(second.tensors.map(({ name, shape }) => [name, shape])).toEqual(first.tensors.map(({ name, shape }) => [name, shape]));
    for (const [index, tensor] of first.tensors.entries()) {
      const other = second.tensors[index] ?? tensor;
      const isChanged = tensor.name.startsWith('blk.') && tensor.shape.length === 2;
      expect(other.dtype, tensor.name).toBe(isChanged ? 'q5_1' : tensor.dtype);
      if (!isChanged) expect(bytesOf(second, other).equals(bytesOf(first, tensor)), tensor.name).toBe(true);
      else expect(difference(dequantise(tensor.dtype, bytesOf(first, tensor)), dequantise('q5_1', bytesOf(second, other)))).toBeLessThan(0.02);
    }
  });

  it('keeps the metadata but for the file type, which is no longer true', async () => {
    const first = await tinyModel();
    const { path } = await requantise(first.path, 'q4_0', folder);
    expect([...readGguf(path).metadata.entries.keys()]).toEqual([...first.metadata.entries.keys()].filter((key) => key !== 'general.file_type'));
  });

  it('falls back as llama.cpp does where rows are no whole blocks, and says how much has the type', async () => {
    const first = await tinyModel();
    const { path, share } = await requantise(first.path, 'q4_k', folder);
    expect(share).toBe(0);
    expect(
      new Set(
        readGguf(path)
          .tensors.filter(({ name }) => name.endsWith('attn_q.weight'))
          .map(({ dtype }) => dtype),
      ),
    ).toEqual(new Set(['q5_0']));
  });

  it('expands everything to f32', async () => {
    const first = await tinyModel();
    const { path } = await requantise(first.path, 'f32', folder);
    expect(new Set(readGguf(path).tensors.map(({ dtype }) => dtype))).toEqual(new Set(['f32']));
  });
});
