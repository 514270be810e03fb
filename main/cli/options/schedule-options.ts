/** The flags of a schedule, and the `scheduler` block of a file; flags win over it. */
import { asPath, listOf } from './named-in.ts';
import { type Command } from 'commander';
import { resolve } from 'node:path';
import type { z } from 'zod';
import { blocksNotForTraining, type ConfigFile } from '../../../shared/domain/config-file.ts';
import { ScheduleRules, SchedulerConfig } from '../../../shared/domain/scheduler-config.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { checkTimes } from '../../services/schedules/schedule-clock.ts';
import { describeIssue } from '../config/describe-issue.ts';
import { readConfigFile } from '../config/read-config-file.ts';
import { parseFlag } from './parse-flag.ts';

type Key = keyof SchedulerConfig;
type Block = NonNullable<ConfigFile['scheduler']>;

export interface ScheduleOptions extends Readonly<Record<string, unknown>> {
  readonly config?: string;
  readonly disabled?: boolean;
}

/** Stands for null, which commander would turn into an empty text. */
const none = Symbol('none');

interface Row {
  readonly key: Key;
  readonly flag: string;
  readonly help: string;
}

const rows: readonly Row[] = [
  { key: 'cron_expression', flag: 'cron', help: 'minute hour day month weekday, such as "0 2 * * *"; six fields begin with seconds' },
  { key: 'interval', flag: 'every', help: 'a time from one run to the next, such as 6h, counted from now' },
  { key: 'time_zone', flag: 'time-zone', help: "whose clock counts, such as Europe/Berlin (default: this machine's)" },
  { key: 'models', flag: 'models', help: 'with commas: base models by path or name, versions as name@1.2.0 or name@tag, what answers as deployed:TARGET/NAME' },
  { key: 'benchmarks', flag: 'benchmarks', help: 'with commas: tasks by name, or task files' },
  { key: 'data_folder', flag: 'data', help: "folder with the tasks' items (default: benchmarks in LATHE_HOME)" },
  { key: 'max_concurrency', flag: 'max-concurrency', help: 'scores made side by side (default: 1)' },
  { key: 'limit', flag: 'limit', help: 'only the first so many items' },
  { key: 'num_fewshot', flag: 'num-fewshot', help: 'solved items before each prompt (default: 0)' },
  { key: 'timeout', flag: 'timeout', help: 'end a score after 30s, 5m or 2h; its records are kept' },
  { key: 'missed', flag: 'missed', help: 'times that passed while nobody was there: run_once or skip (default: run_once)' },
  { key: 'overlap', flag: 'overlap', help: 'a time that comes while the run before is going: skip or queue (default: skip)' },
  { key: 'alert_significance', flag: 'alert-significance', help: 'tell of a score that fell, where chance does so more rarely than this (default: 0.05)' },
];

const lists: ReadonlySet<Key> = new Set(['models', 'benchmarks']);

export function addScheduleFlags(command: Command): Command {
  for (const { key, flag, help } of rows) {
    const schema = SchedulerConfig.shape[key] as z.ZodType;
    const read = (text: string): unknown => (lists.has(key) ? listOf(text) : (parseFlag(`--${flag}`, text, schema) ?? none));
    command.option(`--${flag} <value>`, help, read);
  }
  return command
    .option('--manual', 'no times: only `lathe schedule run` starts it')
    .option('--chat-template', "put each prompt into the model's chat template")
    .option('--config <file>', 'a YAML file whose scheduler block says it; flags win over it');
}

/** Throws USAGE, CONFIG_INVALID, SCHEDULE_TIMES_INVALID. */
export function rulesFromFlags(options: ScheduleOptions): ScheduleRules {
  const flags = flagsIn(options);
  const block = options.config === undefined ? {} : blockOf(options.config);
  const when = flags.schedule_type === undefined ? {} : { cron_expression: undefined, interval: undefined };
  const given = { ...block, ...when, ...flags, ...typeOf(flags, block) };
  const parsed = ScheduleRules.safeParse(given);
  if (!parsed.success) throw wrong(parsed.error.issues[0], given);
  const { models, benchmarks, data_folder: data } = parsed.data;
  const paths = { models: models.map(asPath), benchmarks: benchmarks.map(asPath), data_folder: data === null ? null : resolve(data) };
  const rules = { ...parsed.data, ...paths };
  checkTimes(rules, new Date());
  return rules;
}

function flagsIn(options: ScheduleOptions): Block {
  const given: Record<string, unknown> = Object.fromEntries(kindsIn(options));
  for (const { key, flag } of rows) {
    const value = options[flag.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())];
    if (value !== undefined) given[key] = value === none ? null : value;
  }
  if (options['chatTemplate'] === true) given['chat_template'] = true;
  // Each value passed the schema of its key when commander read it.
  return given;
}

/** What the flags say of when. Throws USAGE where they say two things. */
function kindsIn(options: ScheduleOptions): readonly (readonly [Key, string])[] {
  const kinds = (['cron', 'every', 'manual'] as const).filter((flag) => options[flag] !== undefined);
  const [first, second] = kinds;
  if (second !== undefined)
    throw new AppError('USAGE', { problem: `--${first ?? ''} and --${second} say two different things`, hint: 'Give one of --cron, --every and --manual.' });
  return first === undefined ? [] : [['schedule_type', { cron: 'cron', every: 'interval', manual: 'manual' }[first]]];
}

/** A file that only says when says of itself which kind that is. Throws USAGE where nothing says when. */
function typeOf(flags: Block, block: Block): Block {
  if (flags.schedule_type !== undefined || block.schedule_type !== undefined) return {};
  if (block.cron_expression !== undefined) return { schedule_type: 'cron' };
  if (block.interval !== undefined) return { schedule_type: 'interval' };
  throw new AppError('USAGE', {
    problem: 'Nothing says when it runs',
    hint: 'Give --cron "0 2 * * *", --every 6h or --manual, or a file with a scheduler block (--config).',
  });
}

function wrong(issue: z.core.$ZodIssue | undefined, given: object): AppError {
  const key = String(issue?.path[0] ?? '');
  const flag = rows.find((row) => row.key === key)?.flag ?? key;
  const value = (given as Readonly<Record<string, unknown>>)[key];
  if (issue === undefined || value === undefined)
    return new AppError('USAGE', { problem: `--${flag} is missing`, hint: `Give --${flag}, or scheduler.${key} in the file of --config.` });
  const { problem, hint } = describeIssue(issue, value);
  return new AppError('USAGE', { problem: `--${flag} ${problem}`, hint });
}

/** A block that would be ignored is refused instead. */
function blockOf(path: string): Block {
  const { config, where } = readConfigFile(path);
  const foreign = (['model', 'data', 'lora', 'training', 'cpu_optimization', ...blocksNotForTraining] as const).find(
    (block) => block !== 'scheduler' && config[block] !== undefined,
  );
  if (foreign !== undefined) throw new AppError('CONFIG_NOT_YET', { where: where([foreign]), key: `schedule add with ${foreign}` });
  if (config.scheduler !== undefined) return config.scheduler;
  throw new AppError('CONFIG_INVALID', { where: path, problem: 'there is no scheduler block', hint: 'See resources/config/automation_config.yaml.example.' });
}
