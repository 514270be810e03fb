/** Opens a base model from a path: a GGUF file, a Hugging Face folder, or a folder with one GGUF model in it. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/errors/app-error.ts';
import { withFileErrors } from './file-errors.ts';
import { openGgufModel } from './gguf/gguf-model-source.ts';
import { isGgufFile } from './gguf/is-gguf.ts';
import { openHuggingFaceModel } from './huggingface/huggingface-model-source.ts';
import type { ModelSource } from './model-source.ts';

export const knownModelForms = 'GGUF files, Hugging Face folders (config.json with safetensors), folders with one GGUF file';

export function openModel(path: string): ModelSource {
  const stat = withFileErrors({ path, what: 'Model', action: 'read' }, () => statSync(path));
  if (stat.isFile()) return openModelFile(path);
  if (existsSync(join(path, 'config.json'))) return openHuggingFaceModel(path);
  return openGgufModel(ggufIn(path));
}

function openModelFile(path: string): ModelSource {
  if (isGgufFile(path, 'Model')) return openGgufModel(path);
  throw new AppError('FORMAT_UNKNOWN', { path, known: knownModelForms });
}

/** The one GGUF model of a folder; of a split one, its first part. */
function ggufIn(folder: string): string {
  const names = withFileErrors({ path: folder, what: 'Model', action: 'read' }, () => readdirSync(folder)).filter((name) =>
    name.toLowerCase().endsWith('.gguf'),
  );
  const heads = names.filter((name) => !/-\d{5}-of-\d{5}\.gguf$/i.test(name) || /-00001-of-/.test(name)).toSorted();
  const [only, ...others] = heads;
  if (only !== undefined && others.length === 0) return join(folder, only);
  if (only === undefined) throw new AppError('FORMAT_UNKNOWN', { path: folder, known: knownModelForms });
  throw new AppError('MODEL_INVALID', { path: folder, problem: `the folder holds several GGUF models (${heads.join(', ')}); name one of them` });
}
