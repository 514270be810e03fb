/** Benchmark tasks: those that come with Lathe, task files in LATHE_HOME/benchmarks, and task files by path; and the items of each. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isAbsolute, join, parse as parsePath } from 'node:path';
import { parse } from 'yaml';
import type { KnownBenchmark } from '../../../shared/contracts/benchmark-calls.ts';
import { BenchmarkTask } from '../../../shared/domain/benchmark-task.ts';
import { AppError, isAppError } from '../../../shared/errors/app-error.ts';
import { issueProblem } from '../../../shared/text/issue-problem.ts';
import { projectFiles } from '../../platform/project-files.ts';

/** Endings that a file of items may have, the first that is there is taken. */
const endings = ['.jsonl', '.parquet', '.json', '.csv'] as const;
const isTaskFile = (name: string): boolean => /\.ya?ml$/.test(name);

interface OwnTasks {
  readonly tasks: readonly BenchmarkTask[];
  readonly broken: readonly { readonly path: string; readonly problem: string }[];
}

export class BenchmarkTasks {
  readonly #folder: string;

  /** `folder`: the user's own task files, and items where nobody says otherwise. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  list(): { readonly tasks: KnownBenchmark[]; readonly broken: OwnTasks['broken'][number][] } {
    const own = this.#own();
    const known = (task: BenchmarkTask, built_in: boolean): KnownBenchmark => {
      const { name, title, kind, data } = task;
      const expected = join(this.#folder, `${data.file}.jsonl`);
      const found = itemsIn(this.#folder, task);
      return { name, title, kind, metrics: metricsOf(task), url: data.url, licence: data.licence, data: found, expected, built_in };
    };
    return { tasks: [...builtIn().map((task) => known(task, true)), ...own.tasks.map((task) => known(task, false))], broken: [...own.broken] };
  }

  /** By name, or by the absolute path of a task file. Throws BENCHMARK_UNKNOWN, BENCHMARK_TASK_INVALID. */
  find(reference: string): BenchmarkTask {
    if (isAbsolute(reference) && isTaskFile(reference) && existsSync(reference)) return readTask(reference);
    const named = builtInNames().includes(reference) ? readTask(join(projectFiles.benchmarks, `${reference}.yaml`)) : this.#ownTask(reference);
    if (named !== null) return named;
    const known = [...builtInNames(), ...this.#own().tasks.map(({ name }) => name)].join(', ');
    throw new AppError('BENCHMARK_UNKNOWN', { name: reference, known });
  }

  /** The task's items, in `folder` or in that of this home. Throws BENCHMARK_DATA_MISSING. */
  dataOf(task: BenchmarkTask, folder: string | null): string {
    const found = itemsIn(folder ?? this.#folder, task);
    if (found !== null) return found;
    const { name, data } = task;
    const path = `${join(folder ?? this.#folder, data.file)}.jsonl`;
    throw new AppError('BENCHMARK_DATA_MISSING', { name, path, url: data.url === '' ? 'where you have them' : data.url, licence: data.licence });
  }

  /** By the name it has in its file. One that is broken is told of where its file has that name. */
  #ownTask(name: string): BenchmarkTask | null {
    const found = this.#own().tasks.find((task) => task.name === name);
    if (found !== undefined) return found;
    const file = taskFilesIn(this.#folder).find((path) => parsePath(path).name === name);
    return file === undefined ? null : readTask(file);
  }

  #own(): OwnTasks {
    const tasks: BenchmarkTask[] = [];
    const broken: { path: string; problem: string }[] = [];
    const taken = new Set(builtInNames());
    for (const path of taskFilesIn(this.#folder)) {
      try {
        const task = readTask(path);
        if (taken.has(task.name)) throw new AppError('BENCHMARK_TASK_INVALID', { path, problem: `another task is called ${task.name}` });
        taken.add(task.name);
        tasks.push(task);
      } catch (error) {
        if (!isAppError(error, 'BENCHMARK_TASK_INVALID')) throw error;
        broken.push({ path, problem: String(error.facts['problem']) });
      }
    }
    return { tasks, broken };
  }
}

const taskFilesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter(isTaskFile)
        .toSorted()
        .map((name) => join(folder, name))
    : [];

const builtInNames = (): string[] => taskFilesIn(projectFiles.benchmarks).map((path) => parsePath(path).name);
const builtIn = (): BenchmarkTask[] => taskFilesIn(projectFiles.benchmarks).map(readTask);

function metricsOf(task: BenchmarkTask): string[] {
  if (task.kind === 'multiple_choice') return task.metrics;
  return task.kind === 'perplexity' ? ['word_perplexity', 'byte_perplexity', 'bits_per_byte'] : ['exact_match'];
}

const itemsIn = (folder: string, { data }: BenchmarkTask): string | null =>
  endings.map((ending) => join(folder, data.file) + ending).find((path) => existsSync(path)) ?? null;

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
