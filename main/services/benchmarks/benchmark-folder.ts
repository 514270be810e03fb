/** Writes and reads the folder of a benchmark run: benchmark.yaml, and a file for each result. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify, YAMLError } from 'yaml';
import { BenchmarkFolderRecord, benchmarkFiles, ScoreFile } from '../../../shared/domain/benchmark-folder.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { writeFileAtomically } from '../../platform/atomic-files.ts';
import { fileFailure } from '../../platform/file-failure.ts';
import type { StoredBenchmark } from '../../store/benchmark-rows.ts';
import type { StoredScore } from '../../store/score-rows.ts';

type Placed = Pick<StoredScore, 'position' | 'task'>;

export const recordsPath = (dir: string, { position, task }: Placed): string => join(dir, benchmarkFiles.records(position, task));
export const questionsPath = (dir: string, { position, task }: Placed): string => join(dir, benchmarkFiles.questions(position, task));
export const repliesPath = (dir: string, { position, task }: Placed): string => join(dir, benchmarkFiles.replies(position, task));
export const resultPath = (dir: string, { position, task }: Placed): string => join(dir, benchmarkFiles.result(position, task));

/** Throws DISK_FULL, FILE_FORBIDDEN. */
export function writeBenchmarkRecord(run: StoredBenchmark, scores: readonly StoredScore[]): void {
  const { state, created, started, ended, schedule, error, request } = run;
  const record: BenchmarkFolderRecord = {
    ...{ run: run.run, state, created, started, ended, schedule, error, request },
    tasks: Object.fromEntries(scores.map(({ task, data, declared }) => [task, { data, declared }])),
    scores: scores.map(({ position, task, subject, ...stand }) => {
      const { state: each, started: from, ended: until, error: problem } = stand;
      return { position, task, subject, state: each, started: from, ended: until, error: problem };
    }),
  };
  write(join(run.dir, benchmarkFiles.record), stringify(record, { lineWidth: 0 }));
}

/** Throws DISK_FULL, FILE_FORBIDDEN. */
export const writeScoreFile = (dir: string, placed: Placed, file: ScoreFile): void => write(resultPath(dir, placed), `${JSON.stringify(file, null, 2)}\n`);

function write(path: string, content: string): void {
  try {
    writeFileAtomically(path, content);
  } catch (error) {
    throw fileFailure(error, { what: 'Benchmark folder', path, action: 'write' });
  }
}

export const isBenchmarkFolder = (dir: string): boolean => existsSync(join(dir, benchmarkFiles.record));

/** Throws BENCHMARK_FOLDER_INVALID, FILE_MISSING, FILE_FORBIDDEN. */
export function readBenchmarkRecord(dir: string): BenchmarkFolderRecord {
  const path = join(dir, benchmarkFiles.record);
  const parsed = BenchmarkFolderRecord.safeParse(valueOf(path));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError('BENCHMARK_FOLDER_INVALID', { path, problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` });
}

function valueOf(path: string): unknown {
  try {
    return parse(readFileSync(path, 'utf8')) as unknown;
  } catch (cause) {
    if (cause instanceof YAMLError) throw new AppError('BENCHMARK_FOLDER_INVALID', { path, problem: cause.message.split('\n')[0] ?? '' }, { cause });
    throw fileFailure(cause, { what: 'Benchmark record', path, action: 'read' });
  }
}

/** null where there is none, or none that is sound. */
export function readScoreFile(dir: string, placed: Placed): ScoreFile | null {
  try {
    return ScoreFile.parse(JSON.parse(readFileSync(resultPath(dir, placed), 'utf8')));
  } catch {
    return null;
  }
}
