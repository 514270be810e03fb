/** `lathe benchmark run`: models, adapters and versions on benchmark tasks, with standard errors and a record an item. */
import { asPath, listOf } from '../options/named-in.ts';
import { Command, Option } from 'commander';
import { cpSync } from 'node:fs';
import { resolve } from 'node:path';
import type { z } from 'zod';
import type { BenchmarkRunDetails } from '../../../shared/contracts/benchmark-calls.ts';
import { BenchmarkSettings, type BenchmarkRequestInput } from '../../../shared/domain/benchmark-run.ts';
import { blocksNotForTraining, type ConfigFile } from '../../../shared/domain/config-file.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { fromWireError } from '../../../shared/errors/wire-error.ts';
import { fileFailure } from '../../platform/file-failure.ts';
import { readConfigFile } from '../config/read-config-file.ts';
import { followBenchmark, type BeginBenchmark } from '../follow-benchmark.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { isMatrix, scoreMatrix, scoreTable } from '../output/benchmark-text.ts';
import { parseFlag } from '../options/parse-flag.ts';
import { addConfigFlags, configFromFlags, engineOnlyRows } from '../options/training-options.ts';

interface RunOptions {
  readonly models?: string;
  readonly adapter?: string;
  readonly benchmarks?: string;
  readonly config?: string;
  readonly data?: string;
  readonly limit?: number;
  readonly numFewshot?: number;
  readonly chatTemplate?: boolean;
  readonly maxConcurrency?: number;
  readonly parallel?: number;
  readonly timeout?: string;
  readonly resume?: string;
  readonly detach?: boolean;
  readonly out?: string;
}

const { limit, num_fewshot: numFewshot, max_concurrency: maxConcurrency, timeout } = BenchmarkSettings.shape;
const number = (flag: string, schema: z.ZodType<number | null>) => (text: string) => parseFlag(flag, text, schema);

export function benchmarkRunCommand(host: HostSource): Command {
  const run = new Command('run')
    .description('score models on tasks, now or after what is queued already')
    .option('--models <list>', 'with commas: base models by path or name, versions as name@1.2.0 or name@tag, what answers as deployed:TARGET/NAME')
    .option('--adapter <path-or-run>', 'an adapter that each of them carries')
    .option('--benchmarks <list>', 'with commas: tasks by name, or task files')
    .option('--config <file>', 'a YAML file whose scheduler block says what; flags win over it')
    .option('--data <folder>', "folder with the tasks' items (default: benchmarks in LATHE_HOME)")
    .option('--limit <n>', 'only the first so many items', number('--limit', limit))
    .option('--num-fewshot <n>', 'solved items before each prompt (default: 0)', number('--num-fewshot', numFewshot))
    .option('--chat-template', "put each prompt into the model's chat template")
    .option('--max-concurrency <n>', 'scores made side by side (default: 1)', number('--max-concurrency', maxConcurrency))
    .addOption(new Option('--parallel <n>', 'the same').argParser(number('--parallel', maxConcurrency)).hideHelp())
    .option('--timeout <time>', 'end a score after 30s, 5m or 2h; its records are kept', (text) => parseFlag('--timeout', text, timeout))
    .option('--resume <run>', 'go on with the scores that a run lacks')
    .option('--out <folder>', "copy the run's folder there when it ends: records and results")
    .option('--detach', 'leave the run to a host in the background: it goes on when this terminal closes');
  return addConfigFlags(run, engineOnlyRows, { columns: false }).action((options: RunOptions) => runBenchmarks(host(), options));
}

async function runBenchmarks(host: Host, options: RunOptions): Promise<void> {
  const begin = options.resume === undefined ? startOf(options) : resumeOf({ ...options, resume: options.resume });
  if (options.detach === true) return detachBenchmark(host, begin);
  const door = await host.openDoor('training');
  try {
    const run = await followBenchmark(host, door, begin);
    if (options.out !== undefined) copyTo(run, resolve(options.out));
    tellBenchmarkEnd(host, run);
  } finally {
    await door.close();
  }
}

function startOf(options: RunOptions): BeginBenchmark {
  const request = requestOf(options);
  return (door) => door.call('benchmarks.start', request);
}

/** Everything that may stand in the file, with the flags over it. */
function requestOf(options: RunOptions): BenchmarkRequestInput {
  const file = options.config === undefined ? {} : blocksFor(options.config);
  const { models, benchmarks, ...settings } = { ...settingsIn(file.scheduler ?? {}), ...settingsOf(options) };
  if (models === undefined) throw missing('--models', 'scheduler.models');
  if (benchmarks === undefined) throw missing('--benchmarks', 'scheduler.benchmarks');
  const flags = configFromFlags({ ...options }, engineOnlyRows);
  const cpu = { ...file.cpu_optimization, ...flags.cpu_optimization };
  const precision = flags.training?.precision;
  return {
    ...settings,
    models: models.map(asPath),
    benchmarks: benchmarks.map(asPath),
    ...(options.adapter === undefined ? {} : { adapter: asPath(options.adapter) }),
    ...(options.data === undefined ? {} : { data_folder: resolve(options.data) }),
    ...(Object.keys(cpu).length === 0 ? {} : { cpu_optimization: cpu }),
    ...(precision === undefined || precision === 'int8' ? {} : { precision }),
  };
}

type Settings = Partial<Pick<BenchmarkRequestInput, 'models' | 'benchmarks' | 'limit' | 'num_fewshot' | 'chat_template' | 'max_concurrency' | 'timeout'>>;

function settingsIn({
  models,
  benchmarks,
  limit: first,
  num_fewshot,
  chat_template,
  max_concurrency,
  timeout: time,
}: NonNullable<ConfigFile['scheduler']>): Settings {
  return given({ models, benchmarks, limit: first, num_fewshot, chat_template, max_concurrency, timeout: time });
}

function settingsOf(options: RunOptions): Settings {
  return given({
    models: options.models === undefined ? undefined : listOf(options.models),
    benchmarks: options.benchmarks === undefined ? undefined : listOf(options.benchmarks),
    limit: options.limit,
    num_fewshot: options.numFewshot,
    chat_template: options.chatTemplate,
    max_concurrency: options.maxConcurrency ?? options.parallel,
    timeout: options.timeout,
  });
}

const given = (values: { readonly [Key in keyof Settings]: Settings[Key] | undefined }): Settings =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

const missing = (flag: string, key: string): AppError =>
  new AppError('USAGE', { problem: `${flag} is missing`, hint: `Give ${flag}, or ${key} in the file of --config.` });

/** A block that would be ignored is refused instead. */
function blocksFor(path: string): Pick<ConfigFile, 'scheduler' | 'cpu_optimization'> {
  const { config, where } = readConfigFile(path);
  const foreign = (['model', 'data', 'lora', 'training', ...blocksNotForTraining] as const).find(
    (block) => block !== 'scheduler' && config[block] !== undefined,
  );
  if (foreign !== undefined) throw new AppError('CONFIG_NOT_YET', { where: where([foreign]), key: `benchmark run with ${foreign}` });
  return config;
}

const allowedOnResume: ReadonlySet<string> = new Set(['resume', 'out', 'json', 'detach']);

function resumeOf(options: RunOptions & { readonly resume: string }): BeginBenchmark {
  const changed = Object.keys(options).find((name) => !allowedOnResume.has(name));
  if (changed !== undefined) {
    const flag = `--${changed.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw new AppError('USAGE', { problem: `${flag} cannot be set on a resumed run`, hint: 'A run keeps its settings; start a new one for others.' });
  }
  return (door) => door.call('benchmarks.resume', { run: options.resume });
}

export async function detachBenchmark(host: Host, begin: BeginBenchmark): Promise<void> {
  const door = await host.openLastingDoor();
  try {
    const run = await begin(door);
    host.reporter.done(run, [
      `Benchmark run ${run.run} goes on in the background.`,
      `See how far it is: lathe benchmark results ${run.run}`,
      `Stop it: lathe benchmark stop ${run.run}`,
    ]);
  } finally {
    await door.close();
  }
}

/** What there is of it, also where it was stopped. */
function copyTo({ dir }: BenchmarkRunDetails, out: string): void {
  try {
    cpSync(dir, out, { recursive: true });
  } catch (error) {
    throw fileFailure(error, { what: 'Copy of the records', path: out, action: 'write' });
  }
}

export function tellBenchmarkEnd(host: Host, run: BenchmarkRunDetails): void {
  const made = run.scores.flatMap(({ score, subject, result }) => (result === null ? [] : [{ score, subject: subject.label, ...result }]));
  const lines = isMatrix(run.scores) ? scoreMatrix(run.scores) : scoreTable(run.scores, run.request);
  if (run.state === 'done') return host.reporter.done({ run: run.run, dir: run.dir, results: made }, lines);
  if (run.total > 1) lines.forEach((line) => host.reporter.say(line));
  const resume = `lathe benchmark run --resume ${run.run}`;
  if (run.state !== 'failed' || run.error === null) throw new AppError('CANCELLED', { where: `after ${run.done} of ${run.total} scores`, resume });
  host.reporter.say(`When that is mended, go on with: ${resume}`);
  // Of several that failed the first is the command's; the table has all.
  throw fromWireError(run.error);
}
