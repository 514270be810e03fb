/** The folder of a benchmark run, which explains itself without the database. */
import { z } from 'zod';
import { WireError } from '../errors/wire-error.ts';
import { BenchmarkResult } from './benchmark-record.ts';
import { BenchmarkRequest, BenchmarkState, BenchmarkSubject, ScoreState } from './benchmark-run.ts';
import { BenchmarkTask } from './benchmark-task.ts';

export const benchmarkFiles = {
  record: 'benchmark.yaml',
  /** One line an item, behind a line that says what decides the scores. */
  records: (position: number, task: string): string => `${position}-${task}.jsonl`,
  /** What a deployed model is asked, and what it has said so far. */
  questions: (position: number, task: string): string => `${position}-${task}.questions.jsonl`,
  replies: (position: number, task: string): string => `${position}-${task}.replies.jsonl`,
  /** Written when all of them are there. */
  result: (position: number, task: string): string => `${position}-${task}.result.json`,
} as const;

const time = z.iso.datetime().nullable();
const error = WireError.omit({ stack: true }).nullable();

/** benchmark.yaml: what was asked for, what of, and how it stood when it was written last. */
export const BenchmarkFolderRecord = z.looseObject({
  run: z.string().min(1),
  state: BenchmarkState,
  created: z.iso.datetime(),
  started: time,
  ended: time,
  schedule: z.object({ name: z.string(), slot: z.iso.datetime() }).nullable(),
  error,
  request: BenchmarkRequest,
  /** By name, as they were declared, and the files with their items. */
  tasks: z.record(z.string(), z.object({ data: z.string(), declared: BenchmarkTask })),
  scores: z.array(z.object({ position: z.int().min(1), task: z.string(), subject: BenchmarkSubject, state: ScoreState, started: time, ended: time, error })),
});
export type BenchmarkFolderRecord = z.infer<typeof BenchmarkFolderRecord>;

/** N-task.result.json. */
export const ScoreFile = z.object({ score: z.string(), started: time, ended: z.iso.datetime(), result: BenchmarkResult });
export type ScoreFile = z.infer<typeof ScoreFile>;
