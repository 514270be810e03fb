/** The benchmark job: a task's items scored by a model, with or without an adapter, a record each. */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineSettings, JobOf } from '../../shared/contracts/compute-jobs.ts';
import type { BenchmarkIdentity, BenchmarkResult } from '../../shared/domain/benchmark-record.ts';
import { knownHashes } from '../formats/known-hashes.ts';
import { sha256OfFiles, type HashOf } from '../formats/sha256.ts';
import type { JobContext } from '../inference/job-context.ts';
import { loadForInference, type LoadedModel } from '../inference/load-for-inference.ts';
import { ItemGuard } from './item-guard.ts';
import { readItems } from './read-items.ts';
import { RecordFile } from './record-file.ts';
import { batchItems, type ItemBatch } from './score-items.ts';
import { findShots, type ShotSource } from './shots.ts';
import { summarise } from './summarise.ts';

export async function runBenchmark(job: JobOf<'benchmark'>, context: JobContext): Promise<BenchmarkResult> {
  const { task, data: path, limit, timeoutSeconds } = job;
  const items = await readItems({ path, task, limit });
  const guard = new ItemGuard({ context, task: task.name, total: items.length, timeoutSeconds });
  const source = findShots(job);
  if (source?.isOwn === false) context.emit({ event: 'note', message: `Solved items are drawn from the scored ones: ${source.instead}.` });
  using loaded = loadForInference({ ...job, engine: exactly(job.engine) });
  const identity = await identify(job, { loaded, source, context });
  const shots = source === null ? null : await source.draw(items);
  const started = guard.seconds;
  const batches = batchItems({ task, items, shots, loaded, chatTemplate: job.chatTemplate, sharing: true, path });
  using file = RecordFile.open(job.recordsPath, identity, (records) => wholeBatches(batches, records));
  const resumed = file.records.length;
  const seconds = await scoreRest(batches, file, { context, guard, started, total: items.length });
  const done = file.records.length - resumed;
  return {
    ...identity,
    metrics: summarise(task, file.records),
    items: file.records.length,
    cut_items: file.records.filter((record) => record.cut_tokens > 0).length,
    resumed_items: resumed,
    seconds,
    items_per_second: seconds === 0 ? 0 : done / seconds,
    records: job.recordsPath,
  };
}

/** Where nobody chose: scores decide, and have to be comparable between machines. bf16 is beyond what a score may differ by (README.md). */
const exactly = (engine: EngineSettings): EngineSettings => ({ ...engine, precision: engine.precision === 'auto' ? 'fp32' : engine.precision });

/** As many of the first records as whole batches made. */
function wholeBatches(batches: readonly ItemBatch[], records: number): number {
  let whole = 0;
  for (const { items } of batches) {
    if (whole + items > records) break;
    whole += items;
  }
  return whole;
}

interface Rest {
  readonly context: JobContext;
  readonly guard: ItemGuard;
  /** On its clock: when texts began to become tokens. */
  readonly started: number;
  readonly total: number;
}

/** Returns the seconds it took, pauses left out. Throws CANCELLED and BENCHMARK_TIMEOUT; what is scored is kept. */
async function scoreRest(batches: readonly ItemBatch[], file: RecordFile, { context, guard, started, total }: Rest): Promise<number> {
  const resumed = file.records.length;
  let before = 0;
  for (const batch of batches) {
    before += batch.items;
    if (before <= resumed) continue;
    guard.done = file.records.length;
    await guard.check();
    file.add(await batch.score(guard));
    const done = file.records.length;
    const etaSeconds = ((guard.seconds - started) / (done - resumed)) * (total - done);
    context.emit({ event: 'progress', what: 'items', done, total, eta_seconds: etaSeconds });
  }
  return guard.seconds - started;
}

interface Subject {
  readonly loaded: LoadedModel;
  readonly source: ShotSource | null;
  readonly context: JobContext;
}

async function identify(job: JobOf<'benchmark'>, { loaded: { source: model, dtype }, source, context }: Subject): Promise<BenchmarkIdentity> {
  const hashOf = knownHashes(context.cacheDirectory);
  return {
    task: job.task.name,
    task_version: job.task.version,
    task_sha256: createHash('sha256').update(JSON.stringify(job.task)).digest('hex'),
    data_sha256: await hashOf(job.data),
    model_sha256: await model.sha256(hashOf),
    adapter_sha256: job.adapter === null ? null : await adapterHash(job.adapter, hashOf),
    num_fewshot: job.numFewshot,
    ...(source === null ? {} : { shots_sha256: source.isOwn ? await hashOf(source.path) : null }),
    chat_template: job.chatTemplate,
    limit: job.limit,
    precision: dtype === 'bf16' ? 'bf16' : 'fp32',
  };
}

/** Of the GGUF file, or of what a PEFT folder's adapter is made of. */
const adapterHash = (path: string, hashOf: HashOf): Promise<string> =>
  statSync(path).isFile()
    ? hashOf(path)
    : sha256OfFiles(
        ['adapter_config.json', 'adapter_model.safetensors'].map((name) => join(path, name)),
        hashOf,
      );
