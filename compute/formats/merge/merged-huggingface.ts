/** Writes a whole model with its adapter merged in as a Hugging Face folder, from a GGUF file or a Hugging Face folder. */
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import { writeFolderAtomically, writeWholeFileAtomically } from '../atomic-file.ts';
import { ggufFamilyOf } from '../gguf/families/index.ts';
import { llama3ScalingOf } from '../gguf/llama3-rope.ts';
import { longRopeAttention } from '../huggingface/normalise-config.ts';
import { textPartOf } from '../huggingface/text-part.ts';
import { sideFileNames, weightsFileName } from '../huggingface/huggingface-model-source.ts';
import { readJsonFile } from '../json-file.ts';
import type { ModelSource } from '../model-source.ts';
import { writeSafetensors } from '../safetensors/safetensors-writer.ts';
import { joinedTensors } from './joined-tensors.ts';
import { mergedTensor } from './merged-tensor.ts';
import type { MergedWeights } from './merged-weights.ts';
import { tokenizerToHuggingFace } from './tokenizer-to-huggingface.ts';

export interface MergedHuggingFaceOptions {
  readonly dtype: 'f32' | 'f16' | 'bf16';
}

const dtypeNames = { f32: 'float32', f16: 'float16', bf16: 'bfloat16' } as const;
const ropeDivisors = 'rope_freqs.weight';

export async function writeMergedHuggingFace(path: string, source: ModelSource, weights: MergedWeights, { dtype }: MergedHuggingFaceOptions): Promise<void> {
  const entries = [...source.weights.values()].filter(({ name }) => name !== ropeDivisors);
  const parts = entries.map((weight) => mergedTensor({ source, weights, weight, name: weight.name, dtype, layout: 'half' }));
  const tensors = source.format === 'gguf' ? joinedTensors(parts, ggufFamilyOf(source.config)) : parts;
  const config = source.format === 'gguf' ? await translatedConfig(source, weights) : ownConfig(source);
  await writeFolderAtomically(path, async (folder) => {
    // Both spellings of the type: releases before 5 read the second.
    const json = jsonOf({ ...config, dtype: dtypeNames[dtype], torch_dtype: dtypeNames[dtype] });
    await writeWholeFileAtomically(join(folder, 'config.json'), withDecimals(json));
    await writeTokenizer(folder, source);
    await writeSafetensors(join(folder, weightsFileName), tensors, { format: 'pt' });
  });
}

const jsonOf = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;
const writeJson = (path: string, value: object): Promise<void> => writeWholeFileAtomically(path, jsonOf(value));

/** Keys that Python reads as fractions and refuses as whole numbers. */
const fractions =
  /^(\s*"(?:attn_logit_softcapping|final_logit_softcapping|rope_theta|rope_local_base_freq|beta_fast|beta_slow|(?:low_freq_|high_freq_|attention_)?factor)": -?\d+)(,?)$/gm;
const withDecimals = (json: string): string => json.replace(fractions, '$1.0$2');

async function writeTokenizer(folder: string, source: ModelSource): Promise<void> {
  if (source.tokenizer.kind === 'huggingface') {
    for (const name of sideFileNames) {
      const from = join(source.path, name);
      if (name !== 'config.json' && existsSync(from)) copyFileSync(from, join(folder, name));
    }
    return;
  }
  const { tokenizer, config } = tokenizerToHuggingFace(source.tokenizer, source.path, source.chatTemplate);
  await writeJson(join(folder, 'tokenizer.json'), tokenizer);
  await writeJson(join(folder, 'tokenizer_config.json'), config);
}

/** config.json of a folder, or of the language model that is read of it. */
function ownConfig({ path }: ModelSource): object {
  const raw = readJsonFile(join(path, 'config.json'), 'Model config') as object;
  return textPartOf(raw) ?? raw;
}

/** config.json for a GGUF model. */
async function translatedConfig(source: ModelSource, weights: MergedWeights): Promise<object> {
  const { rope_parameters: rope, ...config } = source.config;
  const className = ggufFamilyOf(source.config)?.className;
  const spelling = ropeSpelling(rope as RopeKeys, config['max_position_embeddings']);
  const divisors = source.weights.get(ropeDivisors);
  if (divisors !== undefined) {
    const values = await weights.rows(divisors, 0, divisors.shape[0] ?? 0);
    const llama3 = llama3ScalingOf(values, { theta: Number(spelling['rope_theta']), headDim: Number(config['head_dim']) });
    if (llama3 === null)
      throw new AppError('MODEL_INVALID', { path: source.path, problem: 'its rope divisors are not those of Llama 3, which a config.json could name' });
    spelling['rope_scaling'] = { rope_type: 'llama3', ...llama3 };
  }
  return { ...(className === undefined ? {} : { architectures: [className] }), ...config, ...spelling, ...layerTypeSpelling(config['layer_types']) };
}

const mambaLayerTypes = new Map([
  ['full_attention', 'attention'],
  ['linear_attention', 'mamba'],
]);

/** Layers of Mamba in the older spelling, which old and new releases read. */
function layerTypeSpelling(types: unknown): object {
  if (!Array.isArray(types) || !types.includes('linear_attention')) return {};
  return { layer_types: types.map((type) => mambaLayerTypes.get(String(type)) ?? String(type)) };
}

type RopeKeys = Readonly<Record<string, unknown>>;

/** Rope in the older spelling, which old and new releases read; Gemma 3's second rope has a key of its own there. */
function ropeSpelling(rope: RopeKeys, context: unknown): Record<string, unknown> {
  const { full_attention: full, sliding_attention: sliding } = rope as Readonly<Record<string, RopeKeys | undefined>>;
  const { rope_theta: theta, partial_rotary_factor: share, ...scaling } = full ?? rope;
  const local = sliding === undefined ? {} : { rope_local_base_freq: sliding['rope_theta'] };
  const partial = share === undefined ? {} : { partial_rotary_factor: share };
  return { rope_theta: theta, rope_scaling: scalingSpelling(scaling, context), ...partial, ...local };
}

/** What can be told apart in 32 bits. */
const sameAttention = 1e-6;

function scalingSpelling(scaling: RopeKeys, context: unknown): RopeKeys | null {
  if (scaling['rope_type'] === 'default') return null;
  if (scaling['rope_type'] !== 'longrope') return scaling;
  // Older releases take these three keys and no other; the original context has a key outside.
  const { short_factor, long_factor, attention_factor: attention } = scaling;
  const isUsual = Math.abs(Number(attention) - longRopeAttention(scaling, Number(context))) < sameAttention;
  return { type: 'longrope', short_factor, long_factor, ...(isUsual ? {} : { attention_factor: attention }) };
}
