/** Finds benchmark tasks by name, or by the path of a task file, and the items of each. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, parse as parsePath, resolve } from 'node:path';
import { parse } from 'yaml';
import { BenchmarkTask } from '../../shared/domain/benchmark-task.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { issueProblem } from '../../shared/text/issue-problem.ts';
import { projectFiles } from '../platform/project-files.ts';

/** Endings that a file of items may have, the first that is there is taken. */
const endings = ['.jsonl', '.parquet', '.json', '.csv'] as const;

export const builtInBenchmarks = (): string[] =>
  readdirSync(projectFiles.benchmarks)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => parsePath(name).name)
    .toSorted();

/** Throws BENCHMARK_UNKNOWN, BENCHMARK_TASK_INVALID. */
export function findBenchmark(reference: string): BenchmarkTask {
  const known = builtInBenchmarks();
  if (known.includes(reference)) return readTask(join(projectFiles.benchmarks, `${reference}.yaml`));
  if (!/\.ya?ml$/.test(reference) || !existsSync(reference)) throw new AppError('BENCHMARK_UNKNOWN', { name: reference, known: known.join(', ') });
  return readTask(resolve(reference));
}

function readTask(path: string): BenchmarkTask {
  let value: unknown;
  try {
    value = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new AppError(
      'BENCHMARK_TASK_INVALID',
      { path, problem: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) },
      { cause: error },
    );
  }
  const task = BenchmarkTask.safeParse(value);
  if (task.success) return task.data;
  const [issue] = task.error.issues;
  const problem = issue === undefined ? 'it is no task' : `${issue.path.join('.')} ${issueProblem(issue, undefined)}`;
  throw new AppError('BENCHMARK_TASK_INVALID', { path, problem });
}

/** The task's items in a folder. Throws BENCHMARK_DATA_MISSING. */
export function findBenchmarkData({ name, data }: BenchmarkTask, folder: string): string {
  const wanted = join(folder, data.file);
  const found = endings.map((ending) => wanted + ending).find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new AppError('BENCHMARK_DATA_MISSING', {
    name,
    path: `${wanted}.jsonl`,
    url: data.url === '' ? 'where you have them' : data.url,
    licence: data.licence,
  });
}
