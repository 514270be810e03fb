/** Calls about benchmarks: what can be scored on, runs, scores and their items. */
import { z } from 'zod';
import { BenchmarkRecord } from '../domain/benchmark-record.ts';
import { BenchmarkRequest, BenchmarkScore, BenchmarkState, ScoreDrop } from '../domain/benchmark-run.ts';
import { BenchmarkTask } from '../domain/benchmark-task.ts';
import { WireError } from '../errors/wire-error.ts';
import { call } from './call.ts';

const count = z.int().min(0);

/** Ids are looked up, never made into paths. */
export const BenchmarkRunName = z.string().min(1).max(200);
export const ScoreName = z.string().min(1).max(200);
const byRun = z.strictObject({ run: BenchmarkRunName });

/** What a list shows of a benchmark run. */
export const BenchmarkRun = z.object({
  run: z.string(),
  state: BenchmarkState,
  /** What it scores, in few words. */
  subjects: z.array(z.string()),
  tasks: z.array(z.string()),
  created: z.iso.datetime(),
  started: z.iso.datetime().nullable(),
  ended: z.iso.datetime().nullable(),
  /** Scores made, and how many there are. */
  done: count,
  total: count,
  /** Of the scores that are left, as far as it can be told. */
  eta_seconds: z.number().min(0).nullable(),
  /** The schedule that started it, and for which of its times. */
  schedule: z.object({ name: z.string(), slot: z.iso.datetime() }).nullable(),
  /** Scores that fell against the last good ones. */
  drops: z.array(ScoreDrop),
  error: WireError.omit({ stack: true }).nullable(),
  /** Its folder in LATHE_HOME. */
  dir: z.string(),
  revision: z.int().min(1),
});
export type BenchmarkRun = z.infer<typeof BenchmarkRun>;

export const BenchmarkRunDetails = BenchmarkRun.extend({ request: BenchmarkRequest, scores: z.array(BenchmarkScore) });
export type BenchmarkRunDetails = z.infer<typeof BenchmarkRunDetails>;

/** A task, and whether its items are here. */
export const KnownBenchmark = z.object({
  name: z.string(),
  title: z.string(),
  kind: z.enum(BenchmarkTask.options.map((option) => option.shape.kind.value) as ['multiple_choice', ...string[]]),
  /** The first is the score. */
  metrics: z.array(z.string()).min(1),
  url: z.string(),
  licence: z.string(),
  /** The file with its items; null: not here. */
  data: z.string().nullable(),
  /** Where they are looked for. */
  expected: z.string(),
  /** Comes with Lathe; others are task files in LATHE_HOME/benchmarks. */
  built_in: z.boolean(),
});
export type KnownBenchmark = z.infer<typeof KnownBenchmark>;

export const ScoreFilter = z.strictObject({
  task: z.string().max(200).nullable().default(null),
  /** A subject's label. */
  subject: z.string().max(400).nullable().default(null),
  version: z
    .strictObject({ name: z.string().min(1).max(200), version: z.string().min(1).max(200).nullable().default(null) })
    .nullable()
    .default(null),
  /** Only the newest of each subject, task and settings. */
  latest: z.boolean().default(false),
  limit: z.int().min(1).max(1_000).default(200),
  /** `next` of the page before. */
  after: z.string().max(200).nullable().default(null),
});

/** Items are asked for behind the last one's index. */
export const itemPage = { after: z.int().min(-1).default(-1), limit: z.int().min(1).max(500).default(50) };

export const benchmarkCalls = {
  'benchmarks.tasks': call({
    does: 'the tasks that are known, and whether their items are here',
    role: 'viewer',
    input: z.strictObject({}),
    /** `broken`: task files in the folder that cannot be used. */
    output: z.object({ tasks: z.array(KnownBenchmark), broken: z.array(z.object({ path: z.string(), problem: z.string() })), folder: z.string() }),
  }),
  'benchmarks.start': call({ does: 'queue scores of some subjects on some tasks', role: 'trainer', input: BenchmarkRequest, output: BenchmarkRunDetails }),
  'benchmarks.list': call({
    does: 'benchmark runs, newest first',
    role: 'viewer',
    input: z.strictObject({
      state: z.array(BenchmarkState).nullable().default(null),
      schedule: z.string().max(200).nullable().default(null),
      limit: z.int().min(1).max(1_000).default(100),
      after: z.string().max(200).nullable().default(null),
    }),
    output: z.object({ runs: z.array(BenchmarkRun), next: z.string().nullable() }),
  }),
  'benchmarks.get': call({ does: 'one benchmark run with its scores', role: 'viewer', input: byRun, output: BenchmarkRunDetails }),
  'benchmarks.stop': call({
    does: 'stop a benchmark run; what was scored is kept',
    role: 'trainer',
    /** `force`: its processes are ended at once. */
    input: byRun.extend({ force: z.boolean().default(false) }),
    output: BenchmarkRunDetails,
  }),
  'benchmarks.resume': call({ does: 'go on with the scores that a run lacks', role: 'trainer', input: byRun, output: BenchmarkRunDetails }),
  'benchmarks.remove': call({ does: 'forget a benchmark run that is not active, with its records', role: 'trainer', input: byRun, output: z.null() }),
  'benchmarks.scores': call({
    does: 'scores that were made, newest first',
    role: 'viewer',
    input: ScoreFilter,
    output: z.object({ scores: z.array(BenchmarkScore), next: z.string().nullable() }),
  }),
  'benchmarks.items': call({
    does: 'the items of a score: prompt, choices, log-probabilities, right or wrong',
    role: 'viewer',
    input: z.strictObject({
      score: ScoreName,
      only: z.enum(['all', 'right', 'wrong']).default('all'),
      text: z.string().max(200).nullable().default(null),
      ...itemPage,
    }),
    /** `total`: of those that fit the filter. */
    output: z.object({ items: z.array(BenchmarkRecord), total: count, more: z.boolean() }),
  }),
} as const;
export type BenchmarkCallName = keyof typeof benchmarkCalls;

export const benchmarkEvents = {
  'benchmark.changed': BenchmarkRun,
  /** A score that moved on: its state, or how far it is. */
  'benchmark.scored': BenchmarkScore,
  'benchmark.removed': z.object({ run: z.string() }),
  /** A run of a schedule found scores that fell. */
  'benchmark.dropped': z.object({ run: z.string(), schedule: z.string(), drops: z.array(ScoreDrop).min(1) }),
} as const;
