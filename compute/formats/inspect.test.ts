/** What `lathe inspect` is told of models and adapters. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { writeGgufAdapter } from './adapters/gguf-adapter.ts';
import { openAdapter } from './adapters/open-adapter.ts';
import { writePeftAdapter } from './adapters/peft-writer.ts';
import type { AdapterTensors } from './adapters/adapter-tensors.ts';
import { writeGguf } from './gguf/gguf-writer.ts';
import { tinyMetadata, tinyTensors } from './gguf/tiny-gguf.fixture.ts';
import { inspectModelOrAdapter } from './inspect.ts';
import { sha256OfFile } from './sha256.ts';

const folder = temporaryFolder();
const heads = { query: 4, keyValue: 2 };
const config = { model_type: 'llama', num_attention_heads: 4, num_key_value_heads: 2 };
const adapter: AdapterTensors = {
  rank: 4,
  alpha: 8,
  useRsLora: false,
  dropout: 0,
  targetModules: ['v_proj'],
  baseModelName: 'Tiny',
  ropeLayout: 'half',
  matrices: new Map([['model.layers.0.self_attn.v_proj', { a: new Float32Array(256), b: new Float32Array(128), rank: 4, inFeatures: 64, outFeatures: 32 }]]),
};

describe('inspectModelOrAdapter', () => {
  it('summarises a model', async () => {
    const path = join(folder, 'tiny.gguf');
    await writeGguf(path, { metadata: tinyMetadata(), tensors: tinyTensors() });
    expect(await inspectModelOrAdapter(path, { withHash: true })).toMatchObject({
      kind: 'model',
      name: 'Tiny',
      architecture: 'llama',
      parameters: 40 * 64 + 3 * 64 + 2 * 64 * 64 + 2 * 32 * 64 + 3 * 96 * 64,
      tensorTypes: { f32: 3, q8_0: 8 },
      quantisation: 'q8_0',
      contextLength: 128,
      vocabularySize: 40,
      licence: 'mit',
      tokenizer: 'gpt2 (smollm)',
      hasChatTemplate: true,
      sha256: await sha256OfFile(path),
    });
  });

  it('names the type of the layers, where the vocabulary has more numbers in another', async () => {
    const path = join(folder, 'wide.gguf');
    const table = { name: 'token_embd.weight', dtype: 'f32' as const, shape: [1000, 64], data: () => [new Uint8Array(4 * 64_000)] };
    await writeGguf(path, { metadata: tinyMetadata(), tensors: [table, ...tinyTensors().slice(1)] });
    expect(await inspectModelOrAdapter(path)).toMatchObject({ quantisation: 'q8_0' });
  });

  it('summarises adapters of both kinds alike', async () => {
    await writePeftAdapter(join(folder, 'peft'), adapter, heads);
    await writeGgufAdapter(join(folder, 'adapter.gguf'), adapter, config);
    const expected = { kind: 'adapter', baseModelName: 'Tiny', rank: 4, alpha: 8, scale: 2, modules: 1, parameters: 384, isTrained: false };
    expect(await inspectModelOrAdapter(join(folder, 'peft'))).toMatchObject({ ...expected, format: 'peft' });
    expect(await inspectModelOrAdapter(join(folder, 'adapter.gguf'))).toMatchObject({ ...expected, format: 'gguf' });
  });

  it('knows GGUF by its content, whatever the name', async () => {
    const path = join(folder, 'adapter');
    await writeGgufAdapter(path, adapter, config);
    expect(await inspectModelOrAdapter(path)).toMatchObject({ kind: 'adapter', format: 'gguf' });
    expect(openAdapter(path).matrices.size).toBe(1);
  });

  it('says what it knows when it knows nothing of a file', async () => {
    writeFileSync(join(folder, 'notes.txt'), 'notes');
    await expect(inspectModelOrAdapter(join(folder, 'notes.txt'))).rejects.toMatchObject({ code: 'FORMAT_UNKNOWN' });
    await expect(inspectModelOrAdapter(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'FILE_MISSING' });
  });
});
