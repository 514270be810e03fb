/** Adapters: what is written reads back, the bytes repeat, layouts convert without loss, foreign kinds are refused by name. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parityFamilies, parityFolder } from '../../../test/support/parity-fixtures.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { rampValues, tinyMetadata, tinyTensors } from '../gguf/tiny-gguf.fixture.ts';
import { readGguf } from '../gguf/gguf-reader.ts';
import { writeGguf } from '../gguf/gguf-writer.ts';
import { openModel } from '../open-model.ts';
import { writeSafetensors } from '../safetensors/safetensors-writer.ts';
import { float32Tensor } from '../tensor-to-write.ts';
import { adapterScale, type AdapterTensors, type LoraMatrices } from './adapter-tensors.ts';
import { readGgufAdapter, writeGgufAdapter } from './gguf-adapter.ts';
import { openAdapter, openAdapterFor } from './open-adapter.ts';
import { readPeftAdapter } from './peft-reader.ts';
import { writePeftAdapter } from './peft-writer.ts';
import { permuteRotaryRows, withRopeLayout } from './rotary-rows.ts';

const folder = temporaryFolder();
const heads = { query: 4, keyValue: 2 };
const lora = (seed: number, rank: number, out: number): LoraMatrices => ({
  a: rampValues(seed, rank * 64),
  b: rampValues(seed + 1, out * rank),
  rank,
  inFeatures: 64,
  outFeatures: out,
});
const adapter: AdapterTensors = {
  rank: 4,
  alpha: 8,
  useRsLora: false,
  dropout: 0.1,
  targetModules: ['k_proj', 'q_proj', 'v_proj'],
  baseModelName: 'Tiny',
  ropeLayout: 'half',
  matrices: new Map([
    ['model.layers.0.self_attn.q_proj', lora(1, 4, 64)],
    ['model.layers.0.self_attn.k_proj', lora(3, 4, 32)],
    ['model.layers.0.self_attn.v_proj', lora(5, 4, 32)],
  ]),
};
const byName = ({ matrices }: AdapterTensors): [string, LoraMatrices][] => [...matrices].sort(([a], [b]) => (a < b ? -1 : 1));

describe('permuteRotaryRows', () => {
  it('pairs rows as the definition says, and back', () => {
    const half = Float32Array.from({ length: 16 }, (_, row) => row);
    const interleaved = permuteRotaryRows(half, { rows: 16, heads: 2 }, 'toInterleaved');
    expect([...interleaved]).toEqual([0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15]);
    expect([...permuteRotaryRows(interleaved, { rows: 16, heads: 2 }, 'toHalf')]).toEqual([...half]);
  });

  it('touches q and k only', () => {
    const other = withRopeLayout(adapter, 'interleaved', heads);
    const changed = byName(other).map(([module, { b }]) => [module, b !== adapter.matrices.get(module)?.b]);
    expect(changed).toEqual([
      ['model.layers.0.self_attn.k_proj', true],
      ['model.layers.0.self_attn.q_proj', true],
      ['model.layers.0.self_attn.v_proj', false],
    ]);
  });
});

describe('PEFT folders', () => {
  it('read back what was written, patterns included', async () => {
    const path = join(folder, 'peft');
    const mixed = {
      ...adapter,
      useRsLora: true,
      matrices: new Map([...adapter.matrices, ['model.layers.0.self_attn.o_proj', { ...lora(7, 2, 64), alpha: 3 }]]),
    };
    await writePeftAdapter(path, mixed, heads);
    const read = openAdapter(path);
    expect(byName(read)).toEqual(byName(mixed));
    expect(read).toMatchObject({
      rank: 4,
      alpha: 8,
      useRsLora: true,
      dropout: 0.1,
      baseModelName: 'Tiny',
      targetModules: ['k_proj', 'o_proj', 'q_proj', 'v_proj'],
    });
  });

  it('are the same bytes whatever the order of the modules', async () => {
    const reversed = { ...adapter, matrices: new Map([...adapter.matrices].reverse()) };
    await writePeftAdapter(join(folder, 'one'), adapter, heads);
    await writePeftAdapter(join(folder, 'two'), reversed, heads);
    for (const name of ['adapter_config.json', 'adapter_model.safetensors']) {
      expect(readFileSync(join(folder, 'one', name)).equals(readFileSync(join(folder, 'two', name)))).toBe(true);
    }
  });

  it.each([
    ['another method', { peft_type: 'IA3' }, 'only LORA is read'],
    ['DoRA without magnitudes', { use_dora: true }, 'lacks its magnitude'],
    ['saved modules', { modules_to_save: ['lm_head'] }, 'key modules_to_save'],
    ['biases', { lora_bias: true }, 'key lora_bias'],
    ['a start that changes the base', { init_lora_weights: 'pissa_niter_16' }, 'key init_lora_weights'],
    ['rank 0', { r: 0 }, 'key r'],
    ['another rank', { r: 5 }, 'the config says 5'],
    ['a pattern that is none', { alpha_pattern: { '(q_proj': 3 } }, 'is no regular expression'],
    ['a pattern that could take for ever', { rank_pattern: { '(\\w+)+_proj': 4 } }, 'too involved'],
  ])('refuse %s', async (name, change, problem) => {
    const path = join(folder, `refused ${name}`);
    await writePeftAdapter(path, adapter, heads);
    const config = join(path, 'adapter_config.json');
    writeFileSync(config, JSON.stringify({ ...(JSON.parse(readFileSync(config, 'utf8')) as object), ...change }));
    expect(() => readPeftAdapter(path)).toThrow(problem);
  });

  it('keep a magnitude, its rows turned with those of B', async () => {
    const path = join(folder, 'dora');
    const magnitudes = [...adapter.matrices].map(([module, each], i) => [module, { ...each, magnitude: rampValues(20 + i, each.outFeatures) }] as const);
    const dora = { ...adapter, matrices: new Map<string, LoraMatrices>(magnitudes) };
    await writePeftAdapter(path, withRopeLayout(dora, 'interleaved', heads), heads);
    expect(byName(readPeftAdapter(path))).toEqual(byName(dora));
    const config = JSON.parse(readFileSync(join(path, 'adapter_config.json'), 'utf8')) as Record<string, unknown>;
    expect(config['use_dora']).toBe(true);
    writeFileSync(join(path, 'adapter_config.json'), JSON.stringify({ ...config, use_dora: false }));
    expect(() => readPeftAdapter(path)).toThrow('has a magnitude, but the config does not say use_dora');
    await expect(writeGgufAdapter(join(folder, 'dora.gguf'), dora, { model_type: 'llama' })).rejects.toMatchObject({ code: 'ADAPTER_NOT_IN_GGUF' });
    expect(existsSync(join(folder, 'dora.gguf'))).toBe(false);
  });

  it('read patterns as PEFT does: regular expressions from a dot to the end, the first that matches', async () => {
    const path = join(folder, 'patterns');
    await writePeftAdapter(path, { ...adapter, matrices: new Map([['model.layers.11.self_attn.q_proj', lora(7, 2, 64)]]) }, heads);
    const config = join(path, 'adapter_config.json');
    const withPatterns = (alpha: object): number | undefined => {
      const patterns = { rank_pattern: { 'layers\\.\\d+\\.self_attn\\.(q|v)_proj': 2 }, alpha_pattern: alpha };
      writeFileSync(config, JSON.stringify({ ...(JSON.parse(readFileSync(config, 'utf8')) as object), ...patterns }));
      return readPeftAdapter(path).matrices.get('model.layers.11.self_attn.q_proj')?.alpha;
    };
    expect(withPatterns({ 'self_attn.[qk]_proj': 3, q_proj: 5 })).toBe(3);
    expect(withPatterns({ attn: 3, '^model.layers.1.self_attn.q_proj': 4, q_proj: 5 })).toBe(5);
    expect(withPatterns({ '1.self_attn.q_proj': 3 })).toBeUndefined();
    expect(withPatterns({ '^model.layers.11.self_attn.q_proj': 4 })).toBe(4);
  });

  it('refuse half a pair and pickles', async () => {
    const path = join(folder, 'half');
    await writePeftAdapter(path, adapter, heads);
    await writeSafetensors(join(path, 'adapter_model.safetensors'), [float32Tensor('base_model.model.m.lora_A.weight', [4, 2], new Float32Array(8))]);
    expect(() => readPeftAdapter(path)).toThrow('m lacks its B matrix');
    const pickled = join(folder, 'pickled');
    mkdirSync(pickled);
    for (const [name, text] of [
      ['adapter_model.bin', ''],
      ['adapter_config.json', '{"peft_type":"LORA","r":4,"lora_alpha":8}'],
    ] as const)
      writeFileSync(join(pickled, name), text);
    expect(() => readPeftAdapter(pickled)).toThrow('pickled');
  });
});

describe.skipIf(parityFolder === null)('PEFT folders of PEFT itself (skipped where ../shared/parity is missing)', () => {
  it.each(parityFamilies)('%s: read and written again, config and tensors are the same', async (family) => {
    const source = join(parityFolder ?? '', family, 'adapter');
    const target = join(folder, `again-${family}`);
    const read = readPeftAdapter(source);
    await writePeftAdapter(target, read, heads);
    const config = (path: string): unknown => JSON.parse(readFileSync(join(path, 'adapter_config.json'), 'utf8'));
    expect(config(target)).toEqual(config(source));
    expect(byName(readPeftAdapter(target))).toEqual(byName(read));
  });
});

describe('GGUF adapters', () => {
  const base = { model_type: 'llama', num_attention_heads: heads.query, num_key_value_heads: heads.keyValue };

  it('have the keys and tensors that llama.cpp asks for', async () => {
    const path = join(folder, 'adapter.gguf');
    await writeGgufAdapter(path, adapter, base);
    const file = readGguf(path);
    expect([...file.metadata.entries].map(([key, entry]) => [key, 'value' in entry ? entry.value : null])).toEqual([
      ['general.architecture', 'llama'],
      ['general.type', 'adapter'],
      ['general.name', 'Tiny'],
      ['adapter.type', 'lora'],
      ['adapter.lora.alpha', 8],
    ]);
    expect(file.tensors.slice(0, 2).map(({ name, shape }) => [name, shape])).toEqual([
      ['blk.0.attn_k.weight.lora_a', [4, 64]],
      ['blk.0.attn_k.weight.lora_b', [32, 4]],
    ]);
  });

  it('read back in the order of their base and convert without loss', async () => {
    const path = join(folder, 'back.gguf');
    await writeGgufAdapter(path, adapter, base);
    const read = readGgufAdapter(path);
    expect(read.ropeLayout).toBe('interleaved');
    expect(byName(withRopeLayout(read, 'half', heads))).toEqual(byName(adapter));
    const model = join(folder, 'model.gguf');
    await writeGguf(model, { metadata: tinyMetadata(), tensors: tinyTensors() });
    expect(byName(openAdapterFor(path, openModel(model)))).toEqual(byName(read));
  });

  it('fold rank-stabilised and mixed scales so that alpha / rank gives the same product', async () => {
    const path = join(folder, 'folded.gguf');
    const mixed: AdapterTensors = {
      ...adapter,
      useRsLora: true,
      ropeLayout: 'interleaved',
      matrices: new Map([...adapter.matrices, ['model.layers.0.self_attn.o_proj', { ...lora(7, 2, 64), alpha: 3 }]]),
    };
    await writeGgufAdapter(path, mixed, base);
    const read = readGgufAdapter(path);
    for (const [module, matrices] of mixed.matrices) {
      const back = read.matrices.get(module);
      const product = (back?.b[5] ?? NaN) * adapterScale(read, back ?? matrices);
      expect(product).toBeCloseTo((matrices.b[5] ?? NaN) * adapterScale(mixed, matrices), 7);
    }
  });

  it('are refused when they do not fit the model', async () => {
    const path = join(folder, 'foreign.gguf');
    await writeGgufAdapter(path, { ...adapter, matrices: new Map([['model.layers.7.self_attn.v_proj', lora(1, 4, 32)]]) }, base);
    const model = join(folder, 'small.gguf');
    await writeGguf(model, { metadata: tinyMetadata(), tensors: tinyTensors() });
    expect(() => openAdapterFor(path, openModel(model))).toThrow('the model has no model.layers.7.self_attn.v_proj');
    expect(() => openAdapter(model)).toThrow('the file holds a model');
  });
});
