/** The rows of a benchmark's data file as the task understands them: prompt and choices, prompt and answers, or a text. */
import { readRows } from '../data/readers/read-rows.ts';
import type { BenchmarkTask } from '../../shared/domain/benchmark-task.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { ItemReader, type BenchmarkItem } from './item-reader.ts';

interface ItemsOptions {
  readonly path: string;
  readonly task: BenchmarkTask;
  readonly limit: number | null;
}

/** In the file's order, at least one. Throws BENCHMARK_ITEM_INVALID, DATASET_EMPTY and what readers throw. */
export async function readItems({ path, task, limit }: ItemsOptions): Promise<BenchmarkItem[]> {
  const reader = new ItemReader(task, path);
  const seen = new Map<string, number>();
  const items: BenchmarkItem[] = [];
  for await (const { line, value } of readRows(path)) {
    const item = reader.read(items.length, line, value);
    const before = seen.get(item.id);
    if (before !== undefined) throw new AppError('BENCHMARK_ITEM_INVALID', { path, line, problem: `the id ${item.id} is that of line ${before} too` });
    seen.set(item.id, line);
    items.push(item);
    if (items.length === limit) break;
  }
  if (items.length === 0) throw new AppError('DATASET_EMPTY', { path, reasons: 'it has no rows' });
  return items;
}
