/** A random tiny model, llama if no other family is named, and a small data file, for tests that train for real and want to be done in seconds. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { writeMergedGguf } from '../../compute/formats/merge/merged-gguf.ts';
import { plainMergedWeights } from '../../compute/formats/merge/merged-weights.ts';
import { openModel } from '../../compute/formats/open-model.ts';
import type { WritableDType } from '../../compute/formats/quants/quantise.ts';
import { writeSafetensors } from '../../compute/formats/safetensors/safetensors-writer.ts';
import { float32Tensor } from '../../compute/formats/tensor-to-write.ts';
import { smallTokenizer, writeSmallTokenizer } from './small-tokenizer.ts';

const [hidden, layers] = [64, 2] as const;
/** Four query heads share two key heads. */
const [heads, keyHeads, headSize] = [4, 2, 16] as const;

const config = {
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  vocab_size: smallTokenizer.vocabSize,
  hidden_size: hidden,
  num_hidden_layers: layers,
  num_attention_heads: heads,
  num_key_value_heads: keyHeads,
  head_dim: headSize,
  max_position_embeddings: 2048,
  hidden_act: 'silu',
  rms_norm_eps: 1e-5,
  rope_theta: 10_000,
  tie_word_embeddings: true,
  attention_bias: false,
  mlp_bias: false,
  torch_dtype: 'float32',
};

/** How a layer's tensors differ from those of llama. */
export interface TinyLayer {
  /** Vectors that a layer has beside those of llama, by their names within it; biases with their suffix. */
  readonly vectors?: Readonly<Record<string, number>>;
  readonly matrices?: Readonly<Record<string, readonly number[]>>;
  /** What it has not of llama's layer. */
  readonly without?: readonly string[];
}

/** How a family's tiny model differs from the llama one; tiny-families.ts has some. */
export interface TinyFamily extends TinyLayer {
  /** Keys of config.json. `num_hidden_layers` and `head_dim` decide the tensors too. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What the first layers have or lack besides. */
  readonly firstLayers?: readonly TinyLayer[];
  /** Norms are stored around 0, not around 1. */
  readonly normsAroundZero?: boolean;
}

const llama: TinyFamily = { config: {} };

type NamedShape = readonly [name: string, shape: readonly number[]];

function tensorShapes(inner: number, family: TinyFamily): NamedShape[] {
  const { head_dim: head, num_hidden_layers: count } = { ...config, ...family.config } as typeof config;
  const ofLlama: readonly NamedShape[] = [
    ['input_layernorm', [hidden]],
    ['self_attn.q_proj', [heads * head, hidden]],
    ['self_attn.k_proj', [keyHeads * head, hidden]],
    ['self_attn.v_proj', [keyHeads * head, hidden]],
    ['self_attn.o_proj', [hidden, heads * head]],
    ['post_attention_layernorm', [hidden]],
    ['mlp.gate_proj', [inner, hidden]],
    ['mlp.up_proj', [inner, hidden]],
    ['mlp.down_proj', [hidden, inner]],
  ];
  const inLayers = Array.from({ length: count }, (_, layer) => {
    const { vectors, matrices, without } = joined(family, family.firstLayers?.[layer] ?? {});
    const own = [...Object.entries(vectors).map(([name, size]): NamedShape => [name, [size]]), ...Object.entries(matrices)];
    return [...ofLlama.filter(([name]) => !without.includes(name)), ...own].map(([name, shape]): NamedShape => [
      `model.layers.${layer}.${weightName(name)}`,
      shape,
    ]);
  });
  return [['model.embed_tokens.weight', [smallTokenizer.vocabSize, hidden]], ...inLayers.flat(), ['model.norm.weight', [hidden]]];
}

const joined = (all: TinyLayer, one: TinyLayer): Required<TinyLayer> => ({
  vectors: { ...all.vectors, ...one.vectors },
  matrices: { ...all.matrices, ...one.matrices },
  without: [...(all.without ?? []), ...(one.without ?? [])],
});

const weightName = (name: string): string => (/(\.bias|\.dt_bias|\.A_log|\.D)$/.test(name) ? name : `${name}.weight`);

export interface TinyModelOptions {
  /** Every weight of the matrices whose name holds this text becomes infinite. */
  readonly infinite?: string;
  /** Width of the MLP. */
  readonly inner?: number;
  /** Default: llama. */
  readonly family?: TinyFamily;
  /** Keys of config.json that shall be otherwise than the tensors are. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Writes a Hugging Face folder: two layers, hidden size 64, with tokenizer and chat template. Returns its path. */
export async function writeTinyModel(folder: string, { infinite, inner = 128, family = llama, config: changes = {} }: TinyModelOptions = {}): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const random = xoroshiro128plus(7);
  const tensors = tensorShapes(inner, family).map(([name, shape]) => {
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
    const isBroken = infinite !== undefined && name.includes(infinite);
    const middle = name.endsWith('norm.weight') && family.normsAroundZero !== true ? 1 : 0;
    for (let i = 0; i < values.length; i += 1) values[i] = isBroken ? Infinity : middle + (uniformFloat64(random) - 0.5) * 0.3;
    return float32Tensor(name, shape, values);
  });
  await writeSafetensors(join(folder, 'model.safetensors'), tensors, { format: 'pt' });
  const ends = writeSmallTokenizer(folder);
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...config, intermediate_size: inner, ...ends, ...family.config, ...changes }));
  return folder;
}

/** The same model as one GGUF file. Returns its path. */
export async function writeTinyGguf(path: string, folder: string, dtype: WritableDType = 'q8_0'): Promise<string> {
  const source = openModel(folder);
  await writeMergedGguf(path, source, plainMergedWeights(source, null), { dtype });
  return path;
}

const [things, states] = [
  ['modem', 'printer', 'keyboard', 'screen', 'phone', 'router', 'laptop'],
  ['is broken', 'does not start', 'is too slow', 'makes noise', 'lost its settings'],
] as const;

/** Row `index` of the data: a question and its answer, no two alike, of varying length. */
export function tinyRow(index: number): { prompt: string; completion: string } {
  const [thing, state] = [things[index % things.length] ?? '', states[index % states.length] ?? ''];
  const detail = ' please check the cable'.repeat(index % 4);
  return { prompt: `The ${thing} number ${index} ${state}${detail}`, completion: `check ${thing} ${index * 7}` };
}

/** Writes JSON Lines of prompt/completion rows, each prompt longer by so many words. Returns the path. */
export function writeTinyData(path: string, rows: number, { words = 0 } = {}): string {
  const more = ' check the cable'.repeat(Math.ceil(words / 3));
  const lines = Array.from({ length: rows }, (_, index) => tinyRow(index)).map(({ prompt, completion }) =>
    JSON.stringify({ prompt: prompt + more, completion }),
  );
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}
