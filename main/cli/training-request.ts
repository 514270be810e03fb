/** From flags and a configuration file to a training request: what `train` and `plan` have in common. */
import { availableParallelism } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { AppError } from '../../shared/errors/app-error.ts';
import { blocksNotForTraining, type ConfigFile } from '../../shared/domain/config-file.ts';
import { mergeInputs, resolveTrainingConfig } from '../../shared/domain/resolve-training-config.ts';
import type { ResolvedTrainingConfig, TrainingConfigInput, TrainingRequest } from '../../shared/domain/training-config.ts';
import { newRunId } from '../../shared/domain/run-id.ts';
import { readConfigFile } from './config/read-config-file.ts';
import type { Host } from './host.ts';
import { addConfigFlags, configFromFlags, trainingRows } from './options/training-options.ts';

export interface TrainingOptions {
  readonly model?: string;
  readonly modelName?: string;
  readonly data?: string;
  readonly datasetName?: string;
  readonly config?: string;
  readonly out?: string;
}

/** The flags that say what is trained on what. */
export const addTrainingFlags = (command: Command): Command =>
  addConfigFlags(
    command
      .option('--model <path-or-name>', 'base model: a GGUF file, a Hugging Face folder, or a name; lathe-base comes with Lathe')
      .option('--model-name <name>', 'the same, by name')
      .option('--data <path-or-name>', 'rows to learn: JSONL, JSON, CSV, Parquet or text')
      .option('--dataset-name <name>', 'the same, by name')
      .option('--config <file>', 'a YAML file with any of these settings; flags win over it')
      .option('--out <dir>', 'the run folder; the adapter will be in DIR/adapter (default: a new one in LATHE_HOME/runs)'),
    trainingRows,
    { columns: true },
  );

export interface NewRun {
  readonly request: TrainingRequest;
  readonly runId: string;
  readonly runDirectory: string;
}

export function newTrainingRun(host: Host, options: TrainingOptions): NewRun {
  const file = options.config === undefined ? {} : trainingPart(options.config);
  const input = mergeInputs(file, mergeInputs(configFromFlags(options as Readonly<Record<string, unknown>>), referencesOf(options)));
  const model = required(input.model, 'model', '--model');
  const dataPath = required(input.data?.path, 'data.path', '--data');
  const { shelves } = host;
  const found = { model: shelves.model(model), dataPath: shelves.dataset(dataPath), cores: availableParallelism() };
  const request = resolveTrainingConfig(withFoundFiles(host, input), found);
  useLogging(host, request.config);
  const fresh = newRunId(new Date());
  if (options.out === undefined) return { request, runId: fresh, runDirectory: join(host.paths.runs, fresh) };
  return { request, runId: fresh, runDirectory: resolve(options.out) };
}

/** The log files obey the `logging` and `environment` blocks from here on. */
export const useLogging = (host: Host, config: ResolvedTrainingConfig): void => host.logFile.configure(config.logging, { debug: config.environment.debug });

/** How a run is named in a command: by its id where that finds it. */
export const resumeCommand = (host: Host, runDirectory: string): string =>
  `lathe train --resume ${dirname(runDirectory) === host.paths.runs ? basename(runDirectory) : runDirectory}`;

function referencesOf({ model, modelName, data, datasetName }: TrainingOptions): TrainingConfigInput {
  const path = data ?? datasetName;
  const base = model ?? modelName;
  return { ...(base === undefined ? {} : { model: base }), ...(path === undefined ? {} : { data: { path } }) };
}

/** A file's blocks for training. A block that would be ignored is refused instead. */
function trainingPart(path: string): TrainingConfigInput {
  const { config, where } = readConfigFile(path);
  const foreign = blocksNotForTraining.find((block) => config[block] !== undefined);
  if (foreign !== undefined) throw new AppError('CONFIG_NOT_YET', { where: where([foreign]), key: `training with a ${foreign} block` });
  return withoutBlocks(config);
}

function withoutBlocks(config: ConfigFile): TrainingConfigInput {
  const { model, data, lora, training, cpu_optimization, logging, environment } = config;
  return { model, data, lora, training, cpu_optimization, logging, environment };
}

function required(value: string | undefined, key: string, flag: string): string {
  if (value === undefined) throw new AppError('USAGE', { problem: `${flag} is missing`, hint: `Give ${flag}, or ${key} in the file of --config.` });
  return value;
}

/** Files that the configuration names besides the rows, found and made absolute. */
function withFoundFiles({ shelves }: Host, asked: TrainingConfigInput): TrainingConfigInput {
  const initial = asked.lora?.init_adapter ?? null;
  const input = initial === null ? asked : { ...asked, lora: { ...asked.lora, init_adapter: shelves.adapter(initial) } };
  const { data } = input;
  if (data === undefined) return input;
  const evalPath = data.eval_path ?? null;
  const template = data.chat_template ?? null;
  return {
    ...input,
    data: {
      ...data,
      ...(evalPath === null ? {} : { eval_path: shelves.dataset(evalPath) }),
      ...(template === null ? {} : { chat_template: shelves.file('Chat template', template) }),
    },
  };
}
