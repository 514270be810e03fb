/** Opens an adapter from a path (a PEFT folder or a GGUF adapter file) and holds it against a base model. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import { withFileErrors } from '../file-errors.ts';
import { isGgufFile } from '../gguf/is-gguf.ts';
import type { ModelSource } from '../model-source.ts';
import type { AdapterTensors } from './adapter-tensors.ts';
import { readGgufAdapter } from './gguf-adapter.ts';
import { readPeftAdapter } from './peft-reader.ts';
import { peftConfigName } from './peft-writer.ts';
import { rotaryHeads, withRopeLayout } from './rotary-rows.ts';

export const knownAdapterForms = 'PEFT LoRA folders (adapter_config.json), GGUF LoRA adapters';

export function openAdapter(path: string): AdapterTensors {
  const stat = withFileErrors({ path, what: 'Adapter', action: 'read' }, () => statSync(path));
  if (stat.isFile() && isGgufFile(path, 'Adapter')) return readGgufAdapter(path);
  if (stat.isDirectory() && existsSync(join(path, peftConfigName))) return readPeftAdapter(path);
  throw new AppError('FORMAT_UNKNOWN', { path, known: knownAdapterForms });
}

/** The adapter at `path`, its q and k rows in the model's order; ADAPTER_MISMATCH if a module is missing or has another shape. */
export function openAdapterFor(path: string, model: ModelSource): AdapterTensors {
  const adapter = openAdapter(path);
  for (const [module, { inFeatures, outFeatures }] of adapter.matrices) {
    const weight = model.weights.get(`${module}.weight`);
    const fits = weight?.shape[0] === outFeatures && weight.shape[1] === inFeatures;
    if (fits) continue;
    const problem =
      weight === undefined
        ? `the model has no ${module}`
        : `${module} is [${weight.shape.join(', ')}] in the model, [${String(outFeatures)}, ${String(inFeatures)}] in the adapter`;
    throw new AppError('ADAPTER_MISMATCH', { path, problem, base: adapter.baseModelName });
  }
  return withRopeLayout(adapter, model.ropeLayout, rotaryHeads(model.config));
}
