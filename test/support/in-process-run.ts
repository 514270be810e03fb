/** A training job inside the test's own process: for what only the engine itself can tell, such as its live tensors. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readFileSync } from 'node:fs';
import type { JobEvent, TrainResult } from '../../shared/contracts/run-events.ts';
import { resolveTrainingConfig } from '../../shared/domain/resolve-training-config.ts';
import { RunRecord } from '../../shared/domain/run-record.ts';
import type { TrainingConfigInput } from '../../shared/domain/training-config.ts';
import { readSafetensors } from '../../compute/formats/safetensors/safetensors-reader.ts';
import { trainRun } from '../../compute/train/train-run.ts';

export interface InProcessRun {
  /** The run folder; it must not hold a run yet. */
  readonly folder: string;
  readonly model: string;
  readonly data: string;
  readonly config?: TrainingConfigInput;
  readonly onEvent?: (event: JobEvent) => void;
  readonly signal?: AbortSignal;
}

/** More threads than this machine has cores are taken as asked for. */
const cores = 64;

export function trainInProcess({ folder, model, data, config = {}, onEvent, signal }: InProcessRun): Promise<TrainResult> {
  const cacheDirectory = join(folder, '..', 'cache');
  mkdirSync(cacheDirectory, { recursive: true });
  const input = { ...config, cpu_optimization: { num_workers: 2, ...config.cpu_optimization } };
  const request = resolveTrainingConfig(input, { model, dataPath: data, cores });
  const job = { kind: 'train' as const, request, runId: 'in-process', runDirectory: folder, resume: false, allowDrift: false, fence: 0 };
  return trainRun(job, { emit: (event) => onEvent?.(event), signal: signal ?? new AbortController().signal, cacheDirectory });
}

export const recordOf = (folder: string): RunRecord => RunRecord.parse(parse(readFileSync(join(folder, 'run.yaml'), 'utf8')));

export const adapterBytes = (folder: string): Buffer => readFileSync(join(folder, 'adapter', 'adapter_model.safetensors'));

/** All numbers of the finished adapter, in the order of the file. */
export function adapterValues(folder: string): Float32Array {
  const path = join(folder, 'adapter', 'adapter_model.safetensors');
  const bytes = readFileSync(path);
  const parts = readSafetensors(path).tensors.map(({ offset, bytes: length }) => bytes.subarray(offset, offset + length));
  return new Float32Array(new Uint8Array(Buffer.concat(parts)).buffer);
}
