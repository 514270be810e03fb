/** The `scheduler` block: benchmarks that run by the clock. */
import { z } from 'zod';
import { BenchmarkRequest } from './benchmark-run.ts';
import { Duration, durationMs } from './duration.ts';

const longestMs = durationMs('3650d');
const Interval = Duration.refine((text) => durationMs(text) >= 1_000 && durationMs(text) <= longestMs, { error: 'must be from 1s to 3650d' });

const CronExpression = z.string().regex(/^\s*(\S+\s+){4,5}\S+\s*$/, { error: 'must be a cron expression of five or six fields' });

export const SchedulerConfig = z.strictObject({
  schedule_type: z.enum(['cron', 'interval', 'manual']),
  cron_expression: CronExpression,
  /** Of schedule_type interval: how long from one time to the next, counted from when the schedule was made. */
  interval: Interval,
  /** An IANA name; the machine's own where it is left out. */
  time_zone: z.string().min(1).max(100),
  benchmarks: BenchmarkRequest.shape.benchmarks,
  models: BenchmarkRequest.shape.models,
  /** Folder with the tasks' items; null: `benchmarks` in LATHE_HOME. */
  data_folder: z.string().min(1).nullable(),
  max_concurrency: z.int().min(1).max(64),
  limit: z.int().min(1).nullable(),
  num_fewshot: z.int().min(0).max(64),
  chat_template: z.boolean(),
  timeout: Duration.nullable(),
  /** Times that passed while no host was there, or the machine slept: run once for all of them, or not at all. */
  missed: z.enum(['run_once', 'skip']),
  /** A time that comes while the run before is still going: leave it out, or queue it. */
  overlap: z.enum(['skip', 'queue']),
  /** Tell of a score that fell by more than chance explains at this level. */
  alert_significance: z.number().gt(0).lt(1),
});
export type SchedulerConfig = z.infer<typeof SchedulerConfig>;

/** A schedule, every value set. */
export const ScheduleRules = z
  .strictObject({
    ...SchedulerConfig.shape,
    schedule_type: SchedulerConfig.shape.schedule_type.default('cron'),
    cron_expression: CronExpression.nullable().default(null),
    interval: Interval.nullable().default(null),
    time_zone: SchedulerConfig.shape.time_zone.nullable().default(null),
    data_folder: SchedulerConfig.shape.data_folder.default(null),
    max_concurrency: SchedulerConfig.shape.max_concurrency.default(1),
    limit: SchedulerConfig.shape.limit.default(null),
    num_fewshot: SchedulerConfig.shape.num_fewshot.default(0),
    chat_template: SchedulerConfig.shape.chat_template.default(false),
    timeout: SchedulerConfig.shape.timeout.default(null),
    missed: SchedulerConfig.shape.missed.default('run_once'),
    overlap: SchedulerConfig.shape.overlap.default('skip'),
    alert_significance: SchedulerConfig.shape.alert_significance.default(0.05),
  })
  .refine(({ schedule_type, cron_expression }) => schedule_type !== 'cron' || cron_expression !== null, {
    error: 'is missing, and schedule_type cron needs it',
    path: ['cron_expression'],
  })
  .refine(({ schedule_type, interval }) => schedule_type !== 'interval' || interval !== null, {
    error: 'is missing, and schedule_type interval needs it',
    path: ['interval'],
  });
export type ScheduleRules = z.output<typeof ScheduleRules>;
