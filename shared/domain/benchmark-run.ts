/** A benchmark run: some subjects on some tasks, asked for at once; a score is one subject on one task. */
import { z } from 'zod';
import { WireError } from '../errors/wire-error.ts';
import { BenchmarkResult } from './benchmark-record.ts';
import { CpuOptimization } from './cpu-optimization.ts';
import { Duration } from './duration.ts';

const count = z.int().min(0);
const reference = z.string().min(1).max(2_000);

export const benchmarkStates = ['queued', 'running', 'done', 'failed', 'stopped', 'interrupted'] as const;
/** `failed`: at least one score did, and none is left to make. `interrupted`: its host ended; it can be gone on with. */
export const BenchmarkState = z.enum(benchmarkStates);
export type BenchmarkState = z.infer<typeof BenchmarkState>;

export const ScoreState = z.enum(['waiting', 'running', 'done', 'failed', 'stopped']);
export type ScoreState = z.infer<typeof ScoreState>;

export const benchmarkIsActive = (state: BenchmarkState): boolean => state === 'queued' || state === 'running';

/** What is scored. Two subjects are the same where their hashes are, whatever they are called. */
export const BenchmarkSubject = z.object({
  /** How tables call it: a shelf name, `name@version`, a file name. */
  label: z.string().min(1),
  kind: z.enum(['model', 'adapter', 'version', 'deployed']),
  /** Where its files are; null of what is deployed elsewhere. */
  model: z.string().nullable(),
  adapter: z.string().nullable(),
  version: z.object({ name: z.string(), version: z.string() }).nullable(),
  /** Of what is deployed: the target's name and the model's there. */
  target: z.object({ name: z.string(), model: z.string() }).nullable(),
});
export type BenchmarkSubject = z.infer<typeof BenchmarkSubject>;

/** How tasks are put to a subject. Scores that differ in the first three are never compared. */
export const BenchmarkSettings = z.strictObject({
  num_fewshot: z.int().min(0).max(64).default(0),
  chat_template: z.boolean().default(false),
  /** Only the first so many items. */
  limit: z.int().min(1).nullable().default(null),
  precision: z.enum(['auto', 'fp32', 'bf16']).default('auto'),
  /** Scores made side by side, as far as cores and memory allow. */
  max_concurrency: z.int().min(1).max(64).default(1),
  /** After which a score ends as failed; its records are kept. null: none. */
  timeout: Duration.nullable().default(null),
});
export type BenchmarkSettings = z.infer<typeof BenchmarkSettings>;

/** Scores that differ in this are never compared. */
export function settingsKey({ num_fewshot, chat_template, limit }: Pick<BenchmarkSettings, 'num_fewshot' | 'chat_template' | 'limit'>): string {
  return [`${num_fewshot}-shot`, ...(chat_template ? ['chat'] : []), ...(limit === null ? [] : [`first ${limit}`])].join(' ');
}

export const BenchmarkRequest = BenchmarkSettings.extend({
  /** Base models by path or shelf name, versions as `name@version` or `name@tag`, what is deployed as `deployed:TARGET/NAME`. */
  models: z.array(reference).min(1).max(100),
  /** An adapter that each of the models carries besides: a folder, or a run. */
  adapter: reference.nullable().default(null),
  /** Tasks by name, or task files. */
  benchmarks: z.array(reference).min(1).max(100),
  /** Folder with the tasks' items; null: `benchmarks` in LATHE_HOME. */
  data_folder: z.string().min(1).nullable().default(null),
  cpu_optimization: CpuOptimization.partial().optional(),
});
export type BenchmarkRequest = z.output<typeof BenchmarkRequest>;
export type BenchmarkRequestInput = z.input<typeof BenchmarkRequest>;

export const BenchmarkScore = z.object({
  /** `RUN.N`, N from 1. */
  score: z.string(),
  run: z.string(),
  subject: BenchmarkSubject,
  task: z.string(),
  state: ScoreState,
  /** Items scored so far, and how many there are (null until the data is read). */
  done: count,
  total: count.nullable(),
  eta_seconds: z.number().min(0).nullable(),
  started: z.iso.datetime().nullable(),
  ended: z.iso.datetime().nullable(),
  /** There once it is done. */
  result: BenchmarkResult.nullable(),
  error: WireError.omit({ stack: true }).nullable(),
});
export type BenchmarkScore = z.infer<typeof BenchmarkScore>;

/** A score that lies further below the last good one of the same subject's name and task than chance explains. */
export const ScoreDrop = z.object({
  task: z.string(),
  subject: z.string(),
  score: z.string(),
  before: z.string(),
  difference: z.number(),
  p: z.number().min(0).max(1),
  words: z.string(),
});
export type ScoreDrop = z.infer<typeof ScoreDrop>;
