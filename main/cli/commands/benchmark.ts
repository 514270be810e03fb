/** `lathe benchmark run`: models and adapters on benchmark tasks, with standard errors and a record an item. */
import { Command } from 'commander';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { EngineSettings } from '../../../shared/contracts/compute-jobs.ts';
import type { BenchmarkMetric, BenchmarkResult } from '../../../shared/domain/benchmark-record.ts';
import type { BenchmarkTask } from '../../../shared/domain/benchmark-task.ts';
import { formatCount, formatPercent, formatSeconds } from '../../../shared/text/format.ts';
import { findBenchmark, findBenchmarkData } from '../../services/benchmark-tasks.ts';
import { engineFromFlags } from '../engine-request.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { table } from '../output/table.ts';
import { parseFlag } from '../options/parse-flag.ts';
import { addConfigFlags, engineOnlyRows } from '../options/training-options.ts';
import { runJob } from '../run-job.ts';

interface RunOptions {
  readonly models: string;
  readonly adapter?: string;
  readonly benchmarks: string;
  readonly data?: string;
  readonly limit?: number;
  readonly numFewshot: number;
  readonly chatTemplate?: boolean;
  readonly out?: string;
}

const check = (flag: string, schema: z.ZodType) => (text: string) => parseFlag(flag, text, schema);

export function benchmarkCommand(host: HostSource): Command {
  const command = new Command('benchmark').description('scores of models on benchmark tasks');
  const run = command
    .command('run')
    .description('score models on tasks; goes on where an earlier run of the same --out ended')
    .requiredOption('--models <list>', 'base models, paths or names, with commas')
    .option('--adapter <path-or-run>', 'an adapter that each of them carries')
    .requiredOption('--benchmarks <list>', 'tasks by name, or task files, with commas')
    .option('--data <folder>', "folder with the tasks' items (default: benchmarks in LATHE_HOME)")
    .option('--limit <n>', 'only the first so many items', check('--limit', z.int().min(1)))
    .option('--num-fewshot <n>', 'solved items before each prompt', check('--num-fewshot', z.int().min(0).max(64)), 0)
    .option('--chat-template', "put each prompt into the model's chat template")
    .option('--out <folder>', 'folder for the records, one file a model and task (default: a new one in LATHE_HOME)');
  addConfigFlags(run, engineOnlyRows, { columns: false }).action((options: RunOptions) => runBenchmarks(host(), options));
  return command;
}

interface Pair {
  readonly subject: string;
  readonly model: string;
  readonly task: BenchmarkTask;
  readonly data: string;
}

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

async function runBenchmarks(host: Host, options: RunOptions): Promise<void> {
  const engine = engineFromFlags(host, { ...options });
  const folder = options.data === undefined ? host.paths.benchmarks : resolve(options.data);
  // All is looked up before anything is scored.
  const models = listOf(options.models).map((subject) => ({ subject, model: host.shelves.model(subject) }));
  const tasks = listOf(options.benchmarks).map(findBenchmark);
  const pairs = models.flatMap((each) => tasks.map((task): Pair => ({ ...each, task, data: findBenchmarkData(task, folder) })));
  const out = options.out === undefined ? join(host.paths.benchmarks, 'records', stamp(new Date())) : resolve(options.out);
  const results: { subject: string; result: BenchmarkResult }[] = [];
  for (const [number, pair] of pairs.entries()) {
    const recordsPath = join(out, `${models.findIndex(({ subject }) => subject === pair.subject) + 1}-${pair.task.name}.jsonl`);
    const result = await runPair(host, pair, { options, engine, recordsPath });
    results.push({ subject: pair.subject, result });
    if (number < pairs.length - 1) host.reporter.part({ event: 'scored', subject: pair.subject, ...result }, [scoreLine(pair.subject, result)]);
  }
  host.reporter.done({ results: results.map(({ subject, result }) => ({ subject, ...result })) }, scoreLines(results));
}

interface PairSettings {
  readonly options: RunOptions;
  readonly engine: EngineSettings;
  readonly recordsPath: string;
}

const runPair = (host: Host, { model, task, data }: Pair, { options, engine, recordsPath }: PairSettings): Promise<BenchmarkResult> =>
  runJob(host, {
    job: {
      ...{ kind: 'benchmark', model, task, data, engine, recordsPath },
      adapter: options.adapter === undefined ? null : host.shelves.adapter(options.adapter),
      limit: options.limit ?? null,
      numFewshot: options.numFewshot,
      chatTemplate: options.chatTemplate === true,
    },
    correlation: 'benchmark',
    again: `lathe benchmark run --out ${recordsPath}`,
  });

/** A name for a folder, in the order of time. */
const stamp = (now: Date): string => now.toISOString().replaceAll(/[:.]/g, '-');

const isShare = ({ name }: BenchmarkMetric): boolean => name === 'acc' || name === 'acc_norm' || name === 'exact_match';

const metricText = (metric: BenchmarkMetric): string => {
  const show = isShare(metric) ? formatPercent : (value: number): string => value.toFixed(4);
  return `${metric.name} ${show(metric.value)}${metric.stderr === null ? '' : ` ± ${show(metric.stderr)}`}`;
};

const scoreLine = (subject: string, { task, metrics }: BenchmarkResult): string => `${subject} on ${task}: ${metrics.map(metricText).join(', ')}`;

const scoreLines = (results: readonly { subject: string; result: BenchmarkResult }[]): readonly string[] => [
  ...table([
    ['model', 'benchmark', 'score', 'items', 'time'],
    ...results.map(({ subject, result }) => [
      subject,
      marked(result),
      result.metrics.map(metricText).join(', '),
      formatCount(result.items),
      formatSeconds(result.seconds),
    ]),
  ]),
  '± is one standard error',
];

/** What sets a score apart from others of the same task. */
function marked({ task, num_fewshot, chat_template, limit }: BenchmarkResult): string {
  const marks = [num_fewshot > 0 ? `${num_fewshot}-shot` : '', chat_template ? 'chat' : '', limit === null ? '' : `first ${limit}`].filter(
    (mark) => mark !== '',
  );
  return marks.length === 0 ? task : `${task} (${marks.join(', ')})`;
}
