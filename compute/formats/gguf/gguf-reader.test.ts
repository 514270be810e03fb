/** GGUF files as the writer makes them read back whole; damaged ones are refused by name and place. */
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAppError } from '../../../shared/errors/app-error.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { dequantise } from '../quants/dequantise.ts';
import { PositionedFile } from '../positioned-file.ts';
import { openModel } from '../open-model.ts';
import { readGguf } from './gguf-reader.ts';
import { writeGguf } from './gguf-writer.ts';
import { rampValues, tinyMetadata, tinyTensors } from './tiny-gguf.fixture.ts';

const folder = temporaryFolder();
const path = join(folder, 'tiny.gguf');
await writeGguf(path, { metadata: tinyMetadata(), tensors: tinyTensors() });
const whole = readFileSync(path);

/** The file with some bytes changed. */
function patched(change: (bytes: Buffer) => unknown): string {
  const bytes = Buffer.from(whole);
  const target = join(folder, 'patched.gguf');
  change(bytes);
  writeFileSync(target, bytes);
  return target;
}

describe('readGguf', () => {
  it('gives back what was written', () => {
    const file = readGguf(path);
    expect(file.metadata.number('llama.embedding_length')).toBe(64);
    expect(file.metadata.number('llama.attention.layer_norm_rms_epsilon')).toBe(1e-5);
    expect(file.metadata.optionalStrings('tokenizer.ggml.tokens')?.slice(0, 4)).toEqual(['<unk>', '<s>', '</s>', 'a']);
    expect([...(file.metadata.optionalIntegers('tokenizer.ggml.token_type') ?? [])].slice(0, 4)).toEqual([3, 3, 3, 1]);
    expect(file.metadata.entries.get('general.big')).toMatchObject({ type: 'uint64', value: 2n ** 60n });
    const norm = file.tensors.find(({ name }) => name === 'output_norm.weight');
    using bytes = new PositionedFile(path, 'Model');
    expect([...dequantise('f32', bytes.read(norm?.offset ?? 0, norm?.bytes ?? 0))]).toEqual([...rampValues(1, 64)]);
  });

  it('opens as a model in the words of Hugging Face', () => {
    const model = openModel(path);
    expect(model).toMatchObject({ format: 'gguf', architecture: 'llama', name: 'Tiny', ropeLayout: 'interleaved', licence: 'mit', bytes: whole.length });
    expect(model.config).toMatchObject({ hidden_size: 64, head_dim: 16, num_key_value_heads: 2, tie_word_embeddings: true, vocab_size: 40, bos_token_id: 1 });
    expect(model.weights.get('model.layers.0.self_attn.k_proj.weight')).toMatchObject({ shape: [32, 64], dtype: 'q8_0', bytes: 32 * 68 });
    expect(model.tokenizer).toMatchObject({ kind: 'gguf', model: 'gpt2', pre: 'smollm', eosId: 2, scores: null });
  });

  it('refuses the file cut at any length', () => {
    const header = readGguf(path).tensors.reduce((least, { offset }) => Math.min(least, offset), whole.length);
    const lengths = [whole.length - 33, whole.length - 40, ...Array.from({ length: header + 40 }, (_, index) => header + 39 - index)];
    const file = patched(() => undefined);
    const accepted = lengths.filter((length) => {
      truncateSync(file, length);
      try {
        readGguf(file);
        return true;
      } catch (error) {
        if (!isAppError(error, 'GGUF_INVALID')) throw error;
        return false;
      }
    });
    expect(accepted).toEqual([]);
  });

  it.each([
    ['a wrong magic number', (bytes: Buffer) => bytes.write('GGML'), 'does not start with "GGUF"'],
    ['version 1', (bytes: Buffer) => bytes.writeUInt32LE(1, 4), 'its version is 1'],
    ['big-endian', (bytes: Buffer) => bytes.writeUInt32BE(3, 4), 'big-endian'],
    ['2^62 tensors', (bytes: Buffer) => bytes.writeBigUInt64LE(1n << 62n, 8), 'the tensor count'],
    ['a million metadata', (bytes: Buffer) => bytes.writeBigUInt64LE(1_000_000n, 16), 'the metadata count'],
    ['a key of 2^40 bytes', (bytes: Buffer) => bytes.writeBigUInt64LE(1n << 40n, 24), 'a metadata key'],
  ])('refuses %s', (_, change, problem) => {
    expect(() => readGguf(patched(change))).toThrow(problem);
  });

  it('names a tensor type it does not read', () => {
    const at = whole.indexOf('token_embd.weight') + 'token_embd.weight'.length + 4 + 16;
    const file = patched((bytes) => bytes.writeUInt32LE(10, at));
    expect(() => readGguf(file)).toThrow(/token_embd.weight .* type Q2_K/);
  });

  it('refuses overlapping, misaligned and outlying tensors', () => {
    const at = whole.indexOf('output_norm.weight') + 'output_norm.weight'.length + 4 + 8 + 4;
    const moved = (offset: bigint): string => patched((bytes) => bytes.writeBigUInt64LE(offset, at));
    expect(() => readGguf(moved(0n))).toThrow('overlap');
    expect(() => readGguf(moved(3n))).toThrow('not aligned');
    expect(() => readGguf(moved(1n << 40n))).toThrow('the file at');
    expect(() => readGguf(moved(1n << 60n))).toThrow('the offset of');
  });

  it('names an architecture it does not know', async () => {
    const other = join(folder, 'other.gguf');
    await writeGguf(other, { metadata: new Map([...tinyMetadata(), ['general.architecture', { type: 'string', value: 'constructor' }]]), tensors: [] });
    expect(() => openModel(other)).toThrow(/is a constructor model/);
  });

  it('names a missing and a mistyped key', async () => {
    const file = join(folder, 'keys.gguf');
    const metadata = tinyMetadata();
    metadata.delete('llama.embedding_length');
    await writeGguf(file, { metadata, tensors: tinyTensors() });
    expect(() => openModel(file)).toThrow('llama.embedding_length');
    await writeGguf(file, { metadata: metadata.set('llama.embedding_length', { type: 'string', value: '64' }), tensors: tinyTensors() });
    expect(() => openModel(file)).toThrow('llama.embedding_length is string, expected a number');
  });

  it('reads a model cut into parts from any of them', async () => {
    const part = (index: number): string => join(folder, `cut-0000${String(index)}-of-00002.gguf`);
    const tensors = tinyTensors();
    await writeGguf(part(1), { metadata: tinyMetadata().set('split.count', { type: 'uint16', value: 2 }), tensors: tensors.slice(0, 4) });
    expect(() => openModel(part(1))).toThrow('Model part not found');
    await writeGguf(part(2), { metadata: new Map([['split.count', { type: 'uint16', value: 2 }]]), tensors: tensors.slice(4) });
    const model = openModel(part(2));
    expect([...model.weights.keys()]).toEqual([...openModel(path).weights.keys()]);
    expect(model.weights.get('model.layers.0.mlp.up_proj.weight')?.path).toBe(part(2));
    expect(model.files).toEqual([part(1), part(2)]);
  });
});
