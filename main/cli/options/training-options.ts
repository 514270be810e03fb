/** The flags of training: the keys of the configuration, spelt with dashes, and the schema's own check of each. */
import { Option, type Command } from 'commander';
import { z } from 'zod';
import { cpuDefaults, CpuOptimization } from '../../../shared/domain/cpu-optimization.ts';
import { dataDefaults, DataConfig } from '../../../shared/domain/data-config.ts';
import { LoraConfig, loraDefaults } from '../../../shared/domain/lora-config.ts';
import { InferencePrecision, trainingDefaults, TrainingSettings } from '../../../shared/domain/training-settings.ts';
import type { TrainingConfigInput } from '../../../shared/domain/training-config.ts';
import { availableParallelism } from 'node:os';
import { parseColumns, parseFlag } from './parse-flag.ts';

const blocks = {
  lora: { schema: LoraConfig.shape, defaults: loraDefaults },
  training: { schema: TrainingSettings.shape, defaults: trainingDefaults },
  data: { schema: DataConfig.shape, defaults: dataDefaults },
  cpu_optimization: { schema: CpuOptimization.shape, defaults: cpuDefaults(availableParallelism()) },
} as const;
type Block = keyof typeof blocks;

interface FlagRow {
  readonly block: Block;
  readonly key: string;
  readonly help: string;
  /** Where the flag is not the key with dashes. */
  readonly flag?: string;
  /** A second spelling that --help does not list. */
  readonly alias?: string;
  /** Given once for each entry of a list whose entries may hold commas. */
  readonly repeat?: boolean;
  /** Where the key's own schema allows too much. */
  readonly schema?: z.ZodType;
}

const row = (block: Block, key: string, help: string, names: Omit<FlagRow, 'block' | 'key' | 'help'> = {}): FlagRow => ({ block, key, help, ...names });

const adapterRows = [
  row('lora', 'rank', 'rows of the trained matrices: more learns more and takes more memory'),
  row('lora', 'alpha', 'strength of the adapter; its output is scaled by alpha / rank'),
  row('lora', 'dropout', "share of the adapter's input left out at random while training"),
  row('lora', 'target_modules', 'layers that get an adapter: a list with commas, or all-linear', { alias: 'targets' }),
  row('lora', 'use_rslora', 'scale by alpha / sqrt(rank), for high ranks'),
  row('lora', 'use_dora', 'DoRA: train the length of each row apart from its direction'),
  row('lora', 'loraplus_lr_ratio', 'LoRA+: learning rate of B over that of A', { alias: 'lora-plus-ratio' }),
  row('lora', 'init_adapter', 'adapter or run to go on from; rank, alpha, scaling and targets are then its own'),
];

const learningRows = [
  row('training', 'learning_rate', 'size of a step'),
  row('training', 'batch_size', 'rows computed together'),
  row('training', 'gradient_accumulation', 'batches to a step'),
  row('training', 'max_epochs', 'times through the data', { flag: 'epochs', alias: 'max-epochs' }),
  row('training', 'max_steps', 'stop after so many steps'),
  row('training', 'warmup_steps', 'steps over which the learning rate rises'),
  row('training', 'schedule', 'after the warm-up: linear, cosine or constant'),
  row('training', 'weight_decay', 'pull of the weights towards zero'),
  row('training', 'max_grad_norm', 'gradients are clipped to this norm; 0: never'),
  row('training', 'beta1', 'memory of the first moment'),
  row('training', 'beta2', 'memory of the second moment'),
  row('training', 'epsilon', 'floor of the divisor'),
  row('training', 'seed', 'of the order of rows, dropout and the first weights'),
  row('training', 'mode', 'lora, or full for every weight of a small model'),
  row('training', 'precision', 'auto, fp32, bf16, or int8 for frozen weights on CPUs with VNNI or ARM dot products'),
  row('training', 'gradient_checkpointing', 'recompute activations: auto, on or off'),
];

const keepingRows = [
  row('training', 'save_steps', 'steps between checkpoints'),
  row('training', 'save_total_limit', 'newest checkpoints kept; the best is kept besides'),
  row('training', 'eval_steps', 'steps between evaluations on the holdout'),
  row('training', 'early_stopping_patience', 'stop after so many evaluations without a better loss'),
  row('training', 'sample_prompts', 'a prompt to answer while training; give it again for another', { flag: 'sample-prompt', repeat: true }),
  row('training', 'sample_steps', 'steps between such answers'),
  row('training', 'sample_tokens', 'longest such answer'),
];

const rowRows = [
  row('training', 'max_seq_length', 'tokens of a row; longer rows are cut, and counted'),
  row('training', 'train_on', "learn the assistant's words only, or all"),
  row('data', 'chat_template', "a Jinja file instead of the model's own template"),
];

const dataRows = [
  row('data', 'eval_path', 'rows to evaluate on, instead of holding some back', { flag: 'eval-data' }),
  row('data', 'holdout_fraction', 'share of the rows held back for evaluation'),
  row('data', 'max_rows', 'only the first so many rows'),
];

const engineRows = [
  row('cpu_optimization', 'num_workers', 'kernel threads'),
  row('cpu_optimization', 'use_simd', 'false: plain reference kernels'),
  row('cpu_optimization', 'use_vectorization', 'false: one padded row a sample instead of packed rows'),
  row('cpu_optimization', 'cache_optimization', 'false: weights are not re-laid into cache-sized panels'),
  row('cpu_optimization', 'memory_pool_size', 'upper bound of the activation arena in MB'),
  row('cpu_optimization', 'priority', 'low: a tenth of the turns of other busy programs; normal: as many as they'),
  row('cpu_optimization', 'spare_thread', 'a thread fewer while somebody works in the window'),
  row('cpu_optimization', 'pause_on_battery', 'wait while the machine runs on battery'),
];

export const trainingRows = [...adapterRows, ...learningRows, ...keepingRows, ...rowRows, ...dataRows, ...engineRows];
const inferenceRow = row('training', 'precision', 'auto, fp32 or bf16', { schema: InferencePrecision });
export const rowAndEngineRows = [...rowRows, inferenceRow, ...engineRows];
export const engineOnlyRows = [inferenceRow, ...engineRows];

const flagOf = ({ key, flag }: FlagRow): string => flag ?? key.replaceAll('_', '-');
const camelCase = (flag: string): string => flag.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Stands for null, which commander would turn into an empty text. */
const none = Symbol('none');

/** Nothing where the default is that nothing is set. */
function defaultText(standard: unknown): string {
  if (Array.isArray(standard)) return standard.length === 0 ? '' : ` (default: ${standard.join(',')})`;
  return typeof standard === 'string' || typeof standard === 'number' || typeof standard === 'boolean' ? ` (default: ${standard})` : '';
}

/** Adds the flags of `rows`, and `--columns`, which all commands that read rows have. */
export function addConfigFlags(command: Command, rows: readonly FlagRow[], { columns }: { columns: boolean }): Command {
  for (const { block, key, help, flag, alias, repeat, schema: narrower } of rows.map((each) => ({ ...each, flag: flagOf(each) }))) {
    const { schema, defaults } = blocks[block];
    // The rows above name keys of the schema; a test walks them all.
    const check = narrower ?? (schema as Readonly<Record<string, z.ZodType>>)[key] ?? z.never();
    const standard = (defaults as Readonly<Record<string, unknown>>)[key];
    const text = `${help}${defaultText(standard)}`;
    for (const name of alias === undefined ? [flag] : [flag, alias]) {
      const option = new Option(`--${name} <value>`, text).argParser((value, earlier: unknown) =>
        repeat === true ? [...(Array.isArray(earlier) ? (earlier as string[]) : []), value] : (parseFlag(`--${name}`, value, check) ?? none),
      );
      command.addOption(name === flag ? option : option.hideHelp());
    }
  }
  return columns ? command.option('--columns <mapping>', 'what columns mean, for example prompt=question,completion=answer', parseColumns) : command;
}

/** The flags that were given, as a configuration. */
export function configFromFlags(options: Readonly<Record<string, unknown>>, rows: readonly FlagRow[] = trainingRows): TrainingConfigInput {
  const config: Record<string, Record<string, unknown>> = {};
  for (const each of rows) {
    const value = [flagOf(each), each.alias].map((name) => (name === undefined ? undefined : options[camelCase(name)])).find((given) => given !== undefined);
    if (value !== undefined) (config[each.block] ??= {})[each.key] = value === none ? null : value;
  }
  if (options['columns'] !== undefined) (config['data'] ??= {})['columns'] = options['columns'];
  // Each value passed the schema of its key when commander read it.
  return config;
}
