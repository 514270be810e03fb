/** Opens a Hugging Face folder: config.json, model.safetensors or its shards, tokenizer files. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.ts';
import { withFileErrors } from '../file-errors.ts';
import { readJsonFile } from '../json-file.ts';
import type { ModelSource, WeightEntry } from '../model-source.ts';
import { readSafetensors } from '../safetensors/safetensors-reader.ts';
import { sha256OfFiles } from '../sha256.ts';
import { normaliseConfig } from './normalise-config.ts';
import { textPartOf, textPrefix, weightInText } from './text-part.ts';

export const indexFileName = 'model.safetensors.index.json';
export const weightsFileName = 'model.safetensors';
/** What makes up a model beside its weights; all are hashed, and copied when a merged model is written. */
export const sideFileNames = [
  'config.json',
  'generation_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.json',
  'merges.txt',
  'tokenizer.model',
  'chat_template.jinja',
] as const;

/** Buffers that old releases stored; they are computed anew. */
const computedBuffer = /\.(rotary_emb\.inv_freq|masked_bias|attn\.bias)$/;
const ShardIndex = z.looseObject({ weight_map: z.record(z.string(), z.string()) });

/** `configFile` names another config in the folder, for folders that hold several spellings of it. */
export function openHuggingFaceModel(path: string, configFile = 'config.json'): ModelSource {
  const shards = weightFiles(path);
  const configPath = join(path, configFile);
  const raw = readJsonFile(configPath, 'Model config');
  const isPart = textPartOf(raw) !== null;
  const weights = readWeights(shards, isPart ? weightInText : (name) => name);
  const config = normaliseConfig(raw, { path: configPath, hasOutputWeight: weights.has('lm_head.weight') });
  if (config['tie_word_embeddings'] === true) weights.delete('lm_head.weight');
  const files = [...sideFileNames.map((name) => join(path, name)).filter((file) => existsSync(file)), ...shards].toSorted();
  return {
    path,
    format: 'huggingface',
    architecture: String(config['model_type']),
    name: basename(resolve(path)),
    config,
    ropeLayout: 'half',
    ...(isPart ? { textPrefix } : {}),
    weights,
    tokenizer: { kind: 'huggingface', directory: path },
    chatTemplate: readChatTemplate(path),
    licence: readLicence(path),
    files,
    bytes: files.reduce((sum, file) => sum + statSync(file).size, 0),
    sha256: (hashOf) => sha256OfFiles(files, hashOf),
  };
}

function weightFiles(path: string): string[] {
  const whole = join(path, weightsFileName);
  if (existsSync(whole)) return [whole];
  const indexPath = join(path, indexFileName);
  if (!existsSync(indexPath)) {
    const hasPickle = withFileErrors({ path, what: 'Model', action: 'read' }, () => readdirSync(path)).some((name) => name.endsWith('.bin'));
    throw new AppError('MODEL_INVALID', { path, problem: `the folder has no ${weightsFileName}${hasPickle ? ' (pickled .bin weights are not read)' : ''}` });
  }
  const index = ShardIndex.safeParse(readJsonFile(indexPath, 'Shard index'));
  if (!index.success) throw new AppError('MODEL_INVALID', { path: indexPath, problem: 'key weight_map is no table of file names' });
  const names = [...new Set(Object.values(index.data.weight_map))].toSorted();
  const outside = names.find((name) => name !== basename(name) || name === '..');
  if (outside !== undefined) throw new AppError('MODEL_INVALID', { path: indexPath, problem: `key weight_map names ${outside}, which is not in the folder` });
  return names.map((name) => join(path, name));
}

/** By the names that `nameOf` gives them; null: passed over. */
function readWeights(shards: readonly string[], nameOf: (stored: string) => string | null): Map<string, WeightEntry> {
  const weights = new Map<string, WeightEntry>();
  for (const path of shards) {
    for (const { name: stored, type, shape, offset, bytes } of readSafetensors(path, 'Model weights').tensors) {
      const name = nameOf(stored);
      if (name === null || computedBuffer.test(name)) continue;
      if (type.dtype === null || type.dtype === 'i32')
        throw new AppError('TENSOR_TYPE_UNSUPPORTED', { path, tensor: name, type: type.name, known: 'F32 F16 BF16' });
      if (weights.has(name)) throw new AppError('MODEL_INVALID', { path, problem: `tensor ${name} comes twice` });
      weights.set(name, { name, dtype: type.dtype, shape, path, offset, bytes });
    }
  }
  return weights;
}

const NamedTemplates = z.array(z.object({ name: z.string(), template: z.string() }));

/** The template lies in its own file in newer folders, in tokenizer_config.json in older ones; of several, "default" counts. */
function readChatTemplate(path: string): string | null {
  const own = join(path, 'chat_template.jinja');
  if (existsSync(own)) return withFileErrors({ path: own, action: 'read' }, () => readFileSync(own, 'utf8'));
  const configPath = join(path, 'tokenizer_config.json');
  if (!existsSync(configPath)) return null;
  const config = z.looseObject({ chat_template: z.unknown() }).safeParse(readJsonFile(configPath, 'Tokenizer config'));
  const template = config.success ? config.data.chat_template : null;
  if (typeof template === 'string') return template;
  const named = NamedTemplates.safeParse(template);
  return named.success ? ((named.data.find(({ name }) => name === 'default') ?? named.data[0])?.template ?? null) : null;
}

/** The front matter of the model card names the licence. */
function readLicence(path: string): string | null {
  const card = join(path, 'README.md');
  if (!existsSync(card)) return null;
  const frontMatter = /^---\r?\n([\s\S]*?)\r?\n---/.exec(withFileErrors({ path: card, action: 'read' }, () => readFileSync(card, 'utf8')))?.[1] ?? '';
  return /^license:\s*['"]?([\w.-]+)/m.exec(frontMatter)?.[1] ?? null;
}
