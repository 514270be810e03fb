/** Merged models: the numbers are W + scale·B·A whatever the format, layouts are turned and turned back, the tokenizer comes along. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import type { AdapterTensors } from '../adapters/adapter-tensors.ts';
import { permuteRotaryRows } from '../adapters/rotary-rows.ts';
import { readGguf } from '../gguf/gguf-reader.ts';
import { writeGguf } from '../gguf/gguf-writer.ts';
import { llama3Divisors, llama3ScalingOf } from '../gguf/llama3-rope.ts';
import { rampValues, tinyMetadata, tinyTensors } from '../gguf/tiny-gguf.fixture.ts';
import type { ModelSource } from '../model-source.ts';
import { openModel } from '../open-model.ts';
import { loadTokenizer } from '../tokenizer/load-tokenizer.ts';
import { writeMergedGguf } from './merged-gguf.ts';
import { writeMergedHuggingFace } from './merged-huggingface.ts';
import { plainMergedWeights } from './merged-weights.ts';

const folder = temporaryFolder();
const base = join(folder, 'base.gguf');
await writeGguf(base, { metadata: tinyMetadata(), tensors: tinyTensors() });
const source = openModel(base);
const query = 'model.layers.0.self_attn.q_proj';
const adapter: AdapterTensors = {
  rank: 4,
  alpha: 6,
  useRsLora: true,
  dropout: 0,
  targetModules: ['q_proj'],
  baseModelName: 'Tiny',
  ropeLayout: 'interleaved',
  matrices: new Map([[query, { a: rampValues(11, 4 * 64), b: rampValues(12, 64 * 4), rank: 4, inFeatures: 64, outFeatures: 64 }]]),
};
const weightOf = (model: ModelSource, name: string): NonNullable<ReturnType<ModelSource['weights']['get']>> => {
  const weight = model.weights.get(name);
  if (weight === undefined) throw new Error(`no ${name}`);
  return weight;
};
const values = async (model: ModelSource, name: string): Promise<number[]> => {
  const weight = weightOf(model, name);
  return [...(await plainMergedWeights(model, null).rows(weight, 0, weight.shape[0] ?? 0))];
};

describe('writeMergedGguf', () => {
  it('without an adapter gives the same numbers and metadata', async () => {
    const path = join(folder, 'same.gguf');
    await writeMergedGguf(path, source, plainMergedWeights(source, null), { dtype: 'f32' });
    const copy = openModel(path);
    for (const name of source.weights.keys()) expect(await values(copy, name)).toEqual(await values(source, name));
    expect(copy.config).toEqual(source.config);
    expect(copy.tokenizer).toEqual(source.tokenizer);
    expect(readGguf(path).metadata.number('general.file_type')).toBe(0);
  });

  it('adds scale · B · A where the adapter has matrices', async () => {
    const path = join(folder, 'merged.gguf');
    await writeMergedGguf(path, source, plainMergedWeights(source, adapter), { dtype: 'f32' });
    const before = await values(source, `${query}.weight`);
    const after = await values(openModel(path), `${query}.weight`);
    const matrices = adapter.matrices.get(query);
    const scale = 6 / Math.sqrt(4);
    const worst = before.map((value, index) => {
      const [row, column] = [Math.floor(index / 64), index % 64];
      let sum = 0;
      for (let r = 0; r < 4; r++) sum += (matrices?.b[row * 4 + r] ?? NaN) * (matrices?.a[r * 64 + column] ?? NaN);
      return Math.abs((after[index] ?? NaN) - (value + scale * sum));
    });
    expect(Math.max(...worst)).toBeLessThan(1e-7);
    expect(await values(openModel(path), 'model.layers.0.self_attn.v_proj.weight')).toEqual(await values(source, 'model.layers.0.self_attn.v_proj.weight'));
  });

  it("brings each row to DoRA's magnitude", async () => {
    const path = join(folder, 'dora.gguf');
    const magnitude = rampValues(13, 64).map((value) => 2 + value);
    const dora = { ...adapter, matrices: new Map([...adapter.matrices].map(([module, matrices]) => [module, { ...matrices, magnitude }] as const)) };
    await writeMergedGguf(path, source, plainMergedWeights(source, dora), { dtype: 'f32' });
    const [after, plain] = [
      await values(openModel(path), `${query}.weight`),
      await plainMergedWeights(source, adapter).rows(weightOf(source, `${query}.weight`), 0, 64),
    ];
    magnitude.forEach((length, row) => {
      const [merged, sum] = [after, plain].map((matrix) => [...matrix.slice(row * 64, (row + 1) * 64)]);
      const norm = Math.hypot(...(sum ?? []));
      expect(Math.hypot(...(merged ?? []))).toBeCloseTo(length, 5);
      merged?.forEach((value, column) => {
        expect(value).toBeCloseTo(((sum?.[column] ?? NaN) * length) / norm, 6);
      });
    });
  });

  it.each([
    ['f16', 1],
    ['q8_0', 7],
  ] as const)('writes matrices as %s and vectors as F32', async (dtype, fileType) => {
    const path = join(folder, `${dtype}.gguf`);
    await writeMergedGguf(path, source, plainMergedWeights(source, adapter), { dtype });
    const file = readGguf(path);
    expect(new Set(file.tensors.map((tensor) => `${String(tensor.shape.length)} ${tensor.dtype}`))).toEqual(new Set(['1 f32', `2 ${dtype}`]));
    expect(file.metadata.number('general.file_type')).toBe(fileType);
  });

  it('refuses an adapter of another model', () => {
    const foreign = { ...adapter, matrices: new Map([...adapter.matrices].map(([, matrices]) => ['model.layers.9.self_attn.q_proj', matrices])) };
    expect(() => plainMergedWeights(source, foreign)).toThrow('the model has no model.layers.9.self_attn.q_proj');
  });
});

describe('writeMergedHuggingFace', () => {
  const path = join(folder, 'huggingface');

  it('turns q and k into the order of Hugging Face and brings config and tokenizer along', async () => {
    await writeMergedHuggingFace(path, source, plainMergedWeights(source, null), { dtype: 'f32' });
    const model = openModel(path);
    const turned = permuteRotaryRows(Float32Array.from(await values(source, `${query}.weight`)), { rows: 64, heads: 4 }, 'toHalf');
    expect(await values(model, `${query}.weight`)).toEqual([...turned]);
    expect(model.config).toMatchObject(source.config);
    expect(model.chatTemplate).toBe(source.chatTemplate);
    const [ours, theirs] = [loadTokenizer(model.tokenizer), loadTokenizer(source.tokenizer)];
    const text = 'cab <s> 12 bad';
    expect([ours.encode(text), ours.bosId, ours.eosId, ours.addBos]).toEqual([theirs.encode(text), theirs.bosId, theirs.eosId, theirs.addBos]);
  });

  it('goes back to GGUF without loss', async () => {
    const again = join(folder, 'again.gguf');
    const middle = openModel(path);
    await writeMergedGguf(again, middle, plainMergedWeights(middle, null), { dtype: 'f32' });
    const model = openModel(again);
    for (const name of source.weights.keys()) expect(await values(model, name)).toEqual(await values(source, name));
    expect(model.config).toEqual(source.config);
    expect(model.tokenizer).toMatchObject({ pre: 'smollm', bosId: 1, eosId: 2 });
    expect(model.tokenizer.kind === 'gguf' && model.tokenizer.tokens).toEqual(source.tokenizer.kind === 'gguf' && source.tokenizer.tokens);
  });

  it('keeps the files of a folder and changes only the type', async () => {
    const copy = join(folder, 'copy');
    await writeMergedHuggingFace(copy, openModel(path), plainMergedWeights(openModel(path), null), { dtype: 'bf16' });
    const config = JSON.parse(readFileSync(join(copy, 'config.json'), 'utf8')) as Record<string, unknown>;
    expect(config).toEqual({ ...(JSON.parse(readFileSync(join(path, 'config.json'), 'utf8')) as object), dtype: 'bfloat16', torch_dtype: 'bfloat16' });
    expect(existsSync(join(copy, 'tokenizer.json'))).toBe(true);
    expect(weightOf(openModel(copy), 'model.norm.weight').dtype).toBe('bf16');
  });

  it('writes what Python reads as fractions with a point', async () => {
    const capped = join(folder, 'capped');
    const wholeNumbers = { final_logit_softcapping: 30, rope_theta: 10_000, rope_scaling: { rope_type: 'linear', factor: 8 } };
    await writeMergedHuggingFace(capped, source, plainMergedWeights(source, null), { dtype: 'f32' });
    const file = join(capped, 'config.json');
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), ...wholeNumbers }));
    const model = openModel(capped);
    const again = join(folder, 'capped-again');
    await writeMergedHuggingFace(again, model, plainMergedWeights(model, null), { dtype: 'f32' });
    const text = readFileSync(join(again, 'config.json'), 'utf8');
    for (const line of ['"final_logit_softcapping": 30.0', '"rope_theta": 10000.0', '"factor": 8.0', '"hidden_size": 64,']) expect(text).toContain(line);
    expect(openModel(again).config).toEqual(model.config);
  });

  it('refuses a tokenizer that GGUF has no name for', async () => {
    const odd = join(folder, 'odd');
    await writeMergedHuggingFace(odd, source, plainMergedWeights(source, null), { dtype: 'f32' });
    const file = join(odd, 'tokenizer.json');
    const json = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    writeFileSync(file, JSON.stringify({ ...json, pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true, use_regex: true } }));
    const model = openModel(odd);
    await expect(writeMergedGguf(join(folder, 'odd.gguf'), model, plainMergedWeights(model, null), { dtype: 'f16' })).rejects.toMatchObject({
      code: 'TOKENIZER_UNSUPPORTED',
    });
    expect(existsSync(join(folder, 'odd.gguf'))).toBe(false);
  });
});

describe("Llama 3's rope scaling", () => {
  const shape = { theta: 500000, headDim: 64 };
  const scaling = { factor: 32, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 8192 };

  it('is recognised by its divisors', () => {
    const divisors = llama3Divisors(scaling, shape);
    expect([divisors[0], divisors[31]]).toEqual([1, 32]);
    expect(llama3ScalingOf(divisors, shape)).toEqual(scaling);
    expect(
      llama3ScalingOf(
        divisors.map((value) => value * 1.1),
        shape,
      ),
    ).toBeNull();
  });

  it('becomes a tensor in GGUF and numbers again in a folder', async () => {
    const tiny = join(folder, 'scaled');
    await writeMergedHuggingFace(tiny, source, plainMergedWeights(source, null), { dtype: 'f32' });
    const file = join(tiny, 'config.json');
    const config = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    writeFileSync(file, JSON.stringify({ ...config, rope_theta: 500000, rope_scaling: { rope_type: 'llama3', ...scaling } }));
    const gguf = join(folder, 'scaled.gguf');
    await writeMergedGguf(gguf, openModel(tiny), plainMergedWeights(openModel(tiny), null), { dtype: 'f16' });
    const model = openModel(gguf);
    expect(model.config['rope_parameters']).toEqual({ rope_theta: 500000, rope_type: 'default' });
    expect(weightOf(model, 'rope_freqs.weight')).toMatchObject({ shape: [8], dtype: 'f32' });
    const back = join(folder, 'scaled-back');
    await writeMergedHuggingFace(back, model, plainMergedWeights(model, null), { dtype: 'f16' });
    expect(openModel(back).config['rope_parameters']).toEqual({ ...scaling, rope_theta: 500000, rope_type: 'llama3' });
  });
});
