/** The benchmark job: a task's items scored by a model, with or without an adapter, a record each. */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { JobOf } from '../../shared/contracts/compute-jobs.ts';
import type { BenchmarkIdentity, BenchmarkResult } from '../../shared/domain/benchmark-record.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { knownHashes } from '../formats/known-hashes.ts';
import { sha256OfFiles, type HashOf } from '../formats/sha256.ts';
import { breathe, type JobContext } from '../inference/job-context.ts';
import { loadForInference, type LoadedModel } from '../inference/load-for-inference.ts';
import { readItems } from './read-items.ts';
import { RecordFile } from './record-file.ts';
import { batchItems, type ItemBatch } from './score-items.ts';
import { summarise } from './summarise.ts';

export async function runBenchmark(job: JobOf<'benchmark'>, context: JobContext): Promise<BenchmarkResult> {
  const { task, data: path, limit, numFewshot, chatTemplate } = job;
  const all = await readItems({ path, task, limit, beyond: numFewshot });
  const items = limit === null ? all : all.slice(0, limit);
  using loaded = loadForInference(job);
  const identity = await identify(job, loaded, context);
  const batches = batchItems({ task, items, all, loaded, settings: { numFewshot, chatTemplate }, sharing: true, path });
  using file = RecordFile.open(job.recordsPath, identity, (records) => wholeBatches(batches, records));
  const resumed = file.records.length;
  const seconds = await scoreRest(batches, file, { context, total: items.length });
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

/** As many of the first records as whole batches made. */
function wholeBatches(batches: readonly ItemBatch[], records: number): number {
  let whole = 0;
  for (const { items } of batches) {
    if (whole + items > records) break;
    whole += items;
  }
  return whole;
}

/** Returns the seconds it took, pauses left out. Throws CANCELLED; what is scored is kept. */
async function scoreRest(batches: readonly ItemBatch[], file: RecordFile, { context, total }: { context: JobContext; total: number }): Promise<number> {
  const resumed = file.records.length;
  const started = performance.now();
  let [paused, before] = [0, 0];
  for (const batch of batches) {
    before += batch.items;
    if (before <= resumed) continue;
    paused += await breathe(context);
    if (context.signal.aborted) throw new AppError('CANCELLED', { where: `after ${file.records.length} of ${total} items`, resume: 'lathe benchmark run' });
    file.add(await batch.score());
    const [done, seconds] = [file.records.length, (performance.now() - started - paused) / 1000];
    const etaSeconds = (seconds / (done - resumed)) * (total - done);
    context.emit({ event: 'progress', what: 'items', done, total, eta_seconds: etaSeconds });
  }
  return (performance.now() - started - paused) / 1000;
}

async function identify(job: JobOf<'benchmark'>, { source, dtype }: LoadedModel, context: JobContext): Promise<BenchmarkIdentity> {
  const hashOf = knownHashes(context.cacheDirectory);
  return {
    task: job.task.name,
    task_version: job.task.version,
    task_sha256: createHash('sha256').update(JSON.stringify(job.task)).digest('hex'),
    data_sha256: await hashOf(job.data),
    model_sha256: await source.sha256(hashOf),
    adapter_sha256: job.adapter === null ? null : await adapterHash(job.adapter, hashOf),
    num_fewshot: job.numFewshot,
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
