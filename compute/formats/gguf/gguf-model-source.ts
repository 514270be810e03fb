/** Opens a GGUF model: metadata in Hugging Face's words, every weight by its Hugging Face name. */
import { basename } from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import { normaliseConfig } from '../huggingface/normalise-config.ts';
import type { ModelSource, WeightEntry } from '../model-source.ts';
import { PositionedFile } from '../positioned-file.ts';
import { dequantise } from '../quants/dequantise.ts';
import { sha256OfFile, sha256OfFiles } from '../sha256.ts';
import type { GgufTokenizerMetadata } from '../tokenizer/gguf-tokenizer-metadata.ts';
import { ggufFamily, knownGgufArchitectures } from './families/index.ts';
import { normShiftOf, weightFormOf, type GgufFamily } from './gguf-family.ts';
import type { GgufMetadata } from './gguf-metadata.ts';
import type { GgufFile, GgufTensor } from './gguf-reader.ts';
import { readGgufParts } from './gguf-splits.ts';
import { readGgufTokenizer } from './gguf-tokenizer.ts';
import { toHuggingFaceName } from './tensor-names.ts';

export function openGgufModel(path: string): ModelSource {
  const parts = readGgufParts(path);
  const metadata = parts[0]?.metadata;
  if (metadata === undefined) throw new AppError('MODEL_INVALID', { path, problem: 'it has no parts' });
  const family = familyOf(metadata);
  const weights = readWeights(family, parts);
  const files = parts.map((part) => part.path);
  let tokenizer: GgufTokenizerMetadata | undefined;
  return {
    path,
    format: 'gguf',
    architecture: family.modelTypes[0],
    name: metadata.optionalString('general.name') ?? basename(path).replace(/\.gguf$/i, ''),
    config: readConfig(family, metadata, parts, weights),
    ropeLayout: family.ropeLayout,
    weights,
    get tokenizer() {
      return (tokenizer ??= readGgufTokenizer(metadata));
    },
    chatTemplate: metadata.optionalString('tokenizer.chat_template'),
    licence: metadata.optionalString('general.license'),
    files,
    bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
    sha256: (hashOf = sha256OfFile) => (files.length === 1 ? hashOf(files[0] ?? path) : sha256OfFiles(files, hashOf)),
  };
}

function familyOf(metadata: GgufMetadata): GgufFamily {
  const type = metadata.optionalString('general.type') ?? 'model';
  if (type !== 'model') throw new AppError('MODEL_INVALID', { path: metadata.path, problem: `it holds no model but "${type}"` });
  const architecture = metadata.string('general.architecture');
  const family = ggufFamily(architecture);
  if (family === undefined) throw new AppError('ARCHITECTURE_UNSUPPORTED', { path: metadata.path, architecture, known: knownGgufArchitectures });
  return family;
}

function readWeights(family: GgufFamily, parts: readonly GgufFile[]): Map<string, WeightEntry> {
  const weights = new Map<string, WeightEntry>();
  for (const { path, tensors } of parts) {
    for (const tensor of tensors) {
      const name = toHuggingFaceName(family, tensor.name);
      if (name === null) continue;
      if (name === undefined) throw new AppError('MODEL_INVALID', { path, problem: `tensor ${tensor.name} is not part of a ${family.architecture} model` });
      if (weights.has(name)) throw new AppError('MODEL_INVALID', { path, problem: `tensor ${tensor.name} comes twice` });
      weights.set(name, { ...tensor, name, path, ...shiftOf(family, name), ...formOf(family, name, tensor) });
    }
  }
  return weights;
}

function shiftOf(family: GgufFamily, name: string): Pick<WeightEntry, 'shift'> {
  const shift = normShiftOf(family, name);
  return shift === 0 ? {} : { shift };
}

function formOf(family: GgufFamily, name: string, { shape }: GgufTensor): Partial<Pick<WeightEntry, 'form' | 'shape'>> {
  const stored = weightFormOf(family, name);
  if (stored === undefined) return {};
  return { shape: stored.shape(shape), ...(stored.form === undefined ? {} : { form: stored.form }) };
}

function readConfig(
  family: GgufFamily,
  metadata: GgufMetadata,
  parts: readonly GgufFile[],
  weights: ReadonlyMap<string, WeightEntry>,
): Record<string, unknown> {
  const tensors = new Map<string, GgufTensor>(parts.flatMap((part) => part.tensors.map((tensor) => [tensor.name, tensor])));
  const config: Record<string, unknown> = {
    ...family.config({ metadata, tensors, floats: (name) => smallTensor(parts, name) }),
    model_type: family.modelTypes[0],
  };
  for (const [name, key] of Object.entries({ bos: 'bos_token_id', eos: 'eos_token_id', padding: 'pad_token_id' })) {
    const id = metadata.optionalNumber(`tokenizer.ggml.${name}_token_id`);
    if (id !== null) config[key] = id;
  }
  return normaliseConfig(config, { path: metadata.path, hasOutputWeight: weights.has('lm_head.weight') });
}

/** More numbers than any list that belongs to a config has. */
const maxConfigNumbers = 4096;

function smallTensor(parts: readonly GgufFile[], name: string): Float32Array | null {
  const part = parts.find(({ tensors }) => tensors.some((tensor) => tensor.name === name));
  const tensor = part?.tensors.find((each) => each.name === name);
  if (part === undefined || tensor === undefined) return null;
  const { path } = part;
  if (tensor.dtype !== 'f32' || tensor.shape.length !== 1 || (tensor.shape[0] ?? 0) > maxConfigNumbers)
    throw new AppError('MODEL_INVALID', { path, problem: `${name} is no short list of F32` });
  using file = new PositionedFile(path, 'Model');
  return dequantise('f32', file.read(tensor.offset, tensor.bytes));
}
