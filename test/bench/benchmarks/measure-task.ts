/** Items a second of one task: texts to tokens to scores, with the model in memory and the file read. */
import { tmpdir } from 'node:os';
import { ItemGuard } from '../../../compute/benchmark/item-guard.ts';
import { readItems } from '../../../compute/benchmark/read-items.ts';
import { batchItems } from '../../../compute/benchmark/score-items.ts';
import { loadForInference } from '../../../compute/inference/load-for-inference.ts';
import type { BenchmarkTask } from '../../../shared/domain/benchmark-task.ts';
import { cpuDefaults } from '../../../shared/domain/cpu-optimization.ts';
import type { EngineSettings } from '../../../shared/contracts/compute-jobs.ts';

interface MeasuredTask {
  readonly task: BenchmarkTask;
  readonly model: string;
  readonly data: string;
  readonly items: number;
  readonly threads: number;
  readonly sharing: boolean;
  readonly precision?: EngineSettings['precision'];
}

export async function measureTask({ task, model, data, items: limit, threads, sharing, precision = 'fp32' }: MeasuredTask): Promise<number> {
  const items = await readItems({ path: data, task, limit });
  using loaded = loadForInference({ model, adapter: null, engine: { cpu: cpuDefaults(threads), precision } });
  const context = { emit: () => undefined, signal: new AbortController().signal, cacheDirectory: tmpdir() };
  const guard = new ItemGuard({ context, task: task.name, total: items.length, timeoutSeconds: undefined });
  for (const batch of batchItems({ task, items, shots: null, loaded, chatTemplate: false, sharing, path: data })) await batch.score(guard);
  return items.length / guard.seconds;
}
