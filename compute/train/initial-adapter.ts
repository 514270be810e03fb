/** The adapter that a run goes on from: its sizes stand for the run's settings, its origin goes into the run's record. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import type { LoraConfig } from '../../shared/domain/lora-config.ts';
import { runFiles, RunRecord } from '../../shared/domain/run-record.ts';
import type { TrainingRequest } from '../../shared/domain/training-config.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { isDora, type AdapterTensors } from '../formats/adapters/adapter-tensors.ts';
import { sha256OfAdapter } from '../formats/adapters/adapter-files.ts';
import { openAdapterFor } from '../formats/adapters/open-adapter.ts';
import type { ModelSource } from '../formats/model-source.ts';
import type { HashOf } from '../formats/sha256.ts';
import { buildModel } from '../models/registry.ts';
import { selectTargets } from '../nn/select-targets.ts';

type Shape = Pick<LoraConfig, 'rank' | 'alpha' | 'use_rslora' | 'use_dora'>;

/** The request with the adapter's own rank, alpha, scaling and targets. Throws USAGE where a setting that was given says otherwise. */
export function withInitialAdapter(request: TrainingRequest, source: ModelSource): TrainingRequest {
  const { config, explicit } = request;
  const { init_adapter: path } = config.lora;
  if (path === null) return request;
  if (config.training.mode === 'full') refuse('training.mode full trains every weight, so it cannot go on from an adapter', 'Leave out init_adapter or mode.');
  const adapter = openAdapterFor(path, source);
  const shape: Shape = { rank: adapter.rank, alpha: adapter.alpha, use_rslora: adapter.useRsLora, use_dora: isDora(adapter) };
  for (const key of Object.keys(shape) as (keyof Shape)[]) {
    if (explicit.includes(`lora.${key}`) && config.lora[key] !== shape[key]) contradiction(path, key, { given: config.lora[key], own: shape[key] });
  }
  const { target_modules: targets } = config.lora;
  if (explicit.includes('lora.target_modules') && !hasTargets(adapter, targets, source))
    contradiction(path, 'target_modules', { given: targets, own: adapter.targetModules });
  // A GGUF adapter does not say with which dropout it was trained.
  const keepsDropout = explicit.includes('lora.dropout') || statSync(path).isFile();
  const dropout = keepsDropout ? config.lora.dropout : adapter.dropout;
  return { ...request, config: { ...config, lora: { ...config.lora, ...shape, target_modules: [...adapter.targetModules], dropout } } };
}

function hasTargets(adapter: AdapterTensors, targets: LoraConfig['target_modules'], source: ModelSource): boolean {
  const model = buildModel(source, 'lora');
  try {
    const wanted = selectTargets(model.linears, targets);
    return wanted.length === adapter.matrices.size && wanted.every(({ name }) => adapter.matrices.has(name));
  } finally {
    model.dispose();
  }
}

function refuse(problem: string, hint: string): never {
  throw new AppError('USAGE', { problem, hint });
}

function contradiction(path: string, key: string, { given, own }: { given: unknown; own: unknown }): never {
  return refuse(`lora.${key} is ${String(given)}, but the adapter to go on from has ${String(own)} (${path})`, `Leave ${key} out: it comes from the adapter.`);
}

/** The adapter and those it goes back to, nearest first, as far as run folders tell. */
export async function lineageOf(path: string | null, hashOf: HashOf): Promise<RunRecord['lineage']> {
  if (path === null) return [];
  const record = recordBeside(path);
  return [{ path, sha256: await sha256OfAdapter(path, hashOf), run: record?.run ?? null }, ...(record?.lineage ?? [])];
}

/** run.yaml of the run folder that the adapter lies in, if it does. */
function recordBeside(path: string): RunRecord | null {
  try {
    return RunRecord.parse(parse(readFileSync(join(dirname(path), runFiles.record), 'utf8')));
  } catch {
    return null;
  }
}
