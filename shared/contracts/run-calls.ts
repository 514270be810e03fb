/** Calls about runs. Field names are the public ones: those of `--json`, of events.jsonl and of the REST API. */
import { z } from 'zod';
import { RunRecord } from '../domain/run-record.ts';
import { RunState } from '../domain/run-state.ts';
import { TrainingConfigInput, TrainingRequest } from '../domain/training-config.ts';
import { WireError } from '../errors/wire-error.ts';
import { call } from './call.ts';
import { VersionWords } from './registry-calls.ts';
import { Plan, RunLogLine, TrainResult } from './run-events.ts';

const count = z.int().min(0);

/** Ids are looked up, never made into paths. */
export const RunName = z.string().min(1).max(200);

/** What a list shows of a run. */
export const Run = z.object({
  run: z.string(),
  name: z.string().nullable(),
  dir: z.string(),
  state: RunState,
  /** Higher goes first. */
  priority: z.int(),
  created: z.iso.datetime(),
  started: z.iso.datetime().nullable(),
  ended: z.iso.datetime().nullable(),
  model: z.string(),
  data: z.string(),
  step: count,
  steps: count.nullable(),
  loss: z.number().nullable(),
  eval_loss: z.number().nullable(),
  /** How many processes have worked on it, and how many of those were started by themselves after one had died. */
  attempt: count,
  restarts: count,
  /** The compute process that works on it. */
  pid: z.int().min(1).nullable(),
  /** Why it failed, was interrupted or stopped. */
  error: WireError.omit({ stack: true }).nullable(),
  /** Counts the changes of this entry: its ETag. */
  revision: z.int().min(1),
});
export type Run = z.infer<typeof Run>;

export const RunDetails = Run.extend({
  request: TrainingRequest,
  plan: Plan.nullable(),
  result: TrainResult.nullable(),
  /** run.yaml: what really ran; null before it began. */
  record: RunRecord.nullable(),
  /** What its process logged last, where it failed or died. */
  last_lines: z.array(z.string()),
});
export type RunDetails = z.infer<typeof RunDetails>;

export const StartRun = z.strictObject({
  /** `model` and `data.path` are absolute paths or names on the shelves. */
  config: TrainingConfigInput,
  name: z.string().min(1).max(200).nullable().default(null),
  /** The run folder, absolute; null: a new one in LATHE_HOME/runs. */
  dir: z.string().min(1).nullable().default(null),
  priority: z.int().min(-100).max(100).default(0),
  /** Make a version of it when it is done. */
  register: VersionWords.nullable().default(null),
});
export type StartRun = z.infer<typeof StartRun>;

/** One array a figure, all as long as `step`: a page draws from it without turning rows into columns. */
export const StepSeries = z.object({
  step: z.array(z.int().min(1)),
  loss: z.array(z.number()),
  learning_rate: z.array(z.number()),
  grad_norm: z.array(z.number()),
  tokens: z.array(count),
  tokens_per_second: z.array(z.number()),
  rss_bytes: z.array(count),
});
export type StepSeries = z.infer<typeof StepSeries>;

/** A run's loss in few points. */
export const Sparkline = z.object({ step: z.array(z.int().min(1)), loss: z.array(z.number()) });
export type Sparkline = z.infer<typeof Sparkline>;

export const RunMetrics = z.object({
  run: z.string(),
  steps: StepSeries,
  evaluations: z.array(z.object({ step: count, eval_loss: z.number(), best: z.boolean() })),
  /** Whether more steps follow than were asked for at once. */
  more: z.boolean(),
});
export type RunMetrics = z.infer<typeof RunMetrics>;

const byRun = z.strictObject({ run: RunName });

export const runCalls = {
  'runs.start': call({ does: 'queue a new run', role: 'trainer', input: StartRun, output: Run }),
  'runs.plan': call({
    does: 'what a run would take: memory by part, time, disk; and what would fit, where it does not. Starts nothing',
    role: 'trainer',
    input: StartRun.pick({ config: true }),
    output: z.object({
      /** null: `problem` says why there is none. */
      plan: Plan.nullable(),
      problem: WireError.omit({ stack: true }).nullable(),
      /** What was adapted or passed over, one sentence each. */
      notes: z.array(z.string()),
    }),
  }),
  'runs.list': call({
    does: 'runs, newest first',
    role: 'viewer',
    input: z.strictObject({
      state: z.array(RunState).nullable().default(null),
      /** Part of the name, id, model or data set. */
      text: z.string().max(200).nullable().default(null),
      limit: z.int().min(1).max(1_000).default(100),
      /** `next` of the page before. */
      after: z
        .string()
        .regex(/^\d{1,15}-\d{4}-[\d:.TZ-]{1,30}$/, { error: 'it is no `next` of a page before' })
        .nullable()
        .default(null),
    }),
    output: z.object({ runs: z.array(Run), next: z.string().nullable() }),
  }),
  'runs.get': call({ does: 'one run, with everything that was asked for and chosen', role: 'viewer', input: byRun, output: RunDetails }),
  'runs.status': call({ does: 'how one run stands; as of a second ago', role: 'viewer', input: byRun, output: Run }),
  'runs.metrics': call({
    does: 'figures of a run, step by step',
    role: 'viewer',
    input: z.strictObject({ run: RunName, since: count.default(0), limit: z.int().min(1).max(100_000).default(10_000) }),
    output: RunMetrics,
  }),
  'runs.sparklines': call({
    does: 'the loss of many runs in few points each; ids that nobody knows are passed over',
    role: 'viewer',
    input: z.strictObject({ runs: z.array(RunName).max(200), points: z.int().min(10).max(200).default(40) }),
    output: z.object({ series: z.record(z.string(), Sparkline) }),
  }),
  'runs.lines': call({
    does: 'what a run reported besides its steps: notes, samples, checkpoints, how it ended',
    role: 'viewer',
    input: z.strictObject({ run: RunName, after: count.default(0), limit: z.int().min(1).max(1_000).default(200) }),
    output: z.object({ lines: z.array(z.object({ line: count, body: RunLogLine })), more: z.boolean() }),
  }),
  'runs.pause': call({ does: 'hold a run at its next micro-batch; its memory stays taken', role: 'trainer', input: byRun, output: Run }),
  'runs.continue': call({ does: 'let a paused run go on', role: 'trainer', input: byRun, output: Run }),
  'runs.stop': call({
    does: 'stop a run at its next step, with a checkpoint; a queued one leaves the queue',
    role: 'trainer',
    /** `force`: end its process at once, without a checkpoint. */
    input: z.strictObject({ run: RunName, force: z.boolean().default(false) }),
    output: Run,
  }),
  'runs.resume': call({
    does: 'queue a run again: from its newest checkpoint, or from the beginning where it has none',
    role: 'trainer',
    input: z.strictObject({
      run: RunName,
      allow_drift: z.boolean().default(false),
      /** What belongs to the machine and not to the run: threads, priority, manners. */
      cpu_optimization: TrainingConfigInput.shape.cpu_optimization,
    }),
    output: Run,
  }),
  'runs.adopt': call({
    does: 'take up a run by its folder, wherever that is; one that is known already is simply found',
    role: 'trainer',
    input: z.strictObject({ dir: z.string().min(1) }),
    output: Run,
  }),
  'runs.setPriority': call({
    does: 'move a queued run forward or back',
    role: 'trainer',
    input: z.strictObject({ run: RunName, priority: StartRun.shape.priority.unwrap() }),
    output: Run,
  }),
  'runs.remove': call({
    does: 'forget a run that is not active, and delete its folder where it lies in LATHE_HOME',
    role: 'trainer',
    input: byRun,
    output: z.null(),
  }),
} as const;

/** What is told while runs go on. Events are a hint, the store is the truth: who missed some asks again. */
export const runEvents = {
  'run.changed': Run,
  /** As they came, in order; all of one attempt. */
  'run.logged': z.object({ run: z.string(), attempt: count, lines: z.array(RunLogLine) }),
  'run.removed': z.object({ run: z.string() }),
} as const;
