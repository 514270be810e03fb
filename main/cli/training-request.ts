/** From flags and a configuration file to a training request: what `train` and `plan` have in common. */
import { dirname } from 'node:path';
import type { Command } from 'commander';
import type { Run } from '../../shared/contracts/run-calls.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { blocksNotForTraining, type ConfigFile } from '../../shared/domain/config-file.ts';
import { mergeInputs } from '../../shared/domain/resolve-training-config.ts';
import { loggingDefaults } from '../../shared/domain/logging-config.ts';
import type { TrainingConfigInput } from '../../shared/domain/training-config.ts';
import { findFiles } from '../services/training-request.ts';
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

/** What a command asks for, with every path absolute. */
export function askedTraining(host: Host, options: TrainingOptions): TrainingConfigInput {
  const file = options.config === undefined ? {} : trainingPart(options.config);
  const input = mergeInputs(file, mergeInputs(configFromFlags(options as Readonly<Record<string, unknown>>), referencesOf(options)));
  requireGiven(input.model, 'model', '--model');
  requireGiven(input.data?.path, 'data.path', '--data');
  return findFiles(input, host.shelves);
}

/** The log files obey the `logging` and `environment` blocks from here on. */
export function useLogging(host: Host, { logging, environment }: Pick<TrainingConfigInput, 'logging' | 'environment'>): void {
  const given = Object.fromEntries(Object.entries(logging ?? {}).filter(([, value]) => value !== undefined));
  host.logFile.configure({ ...loggingDefaults, ...given }, { debug: environment?.debug === true });
}

/** How a run is named in a command: by its id where that finds it. */
export const resumeCommand = (host: Host, { run, dir }: Pick<Run, 'run' | 'dir'>): string =>
  `lathe train --resume ${dirname(dir) === host.paths.runs ? run : dir}`;

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

function requireGiven(value: string | undefined, key: string, flag: string): void {
  if (value === undefined) throw new AppError('USAGE', { problem: `${flag} is missing`, hint: `Give ${flag}, or ${key} in the file of --config.` });
}
