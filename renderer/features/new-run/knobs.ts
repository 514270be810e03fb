/** Every setting of a run that has a field of its own. Kind, choices and bounds are the schema's; the words are in texts/knobs.ts. */
import { z } from 'zod';
import { CpuOptimization } from '../../../shared/domain/cpu-optimization.ts';
import { DataConfig } from '../../../shared/domain/data-config.ts';
import { EnvironmentConfig } from '../../../shared/domain/environment-config.ts';
import { LoggingConfig } from '../../../shared/domain/logging-config.ts';
import { LoraConfig } from '../../../shared/domain/lora-config.ts';
import { resolveTrainingConfig } from '../../../shared/domain/resolve-training-config.ts';
import { TrainingSettings } from '../../../shared/domain/training-settings.ts';
import { valueAt, type ConfigPath } from './config-path.ts';

export const blocks = {
  data: DataConfig,
  lora: LoraConfig,
  training: TrainingSettings,
  cpu_optimization: CpuOptimization,
  logging: LoggingConfig,
  environment: EnvironmentConfig,
} as const;

/** The step Data shows these in its own way. */
export const shownWithTheData: readonly ConfigPath[] = ['data.path', 'data.columns', 'data.eval_path', 'data.holdout_fraction'];

export type KnobGroup = 'basic' | 'rows' | 'adapter' | 'optimizer' | 'length' | 'keeping' | 'samples' | 'machine' | 'logs';

/** In the order in which they are shown. */
export const knobGroups: Readonly<Record<KnobGroup, readonly ConfigPath[]>> = {
  basic: [
    'lora.rank',
    'training.learning_rate',
    'training.max_epochs',
    'training.max_steps',
    'training.batch_size',
    'training.gradient_accumulation',
    'training.max_seq_length',
  ],
  adapter: [
    'training.mode',
    'lora.alpha',
    'lora.dropout',
    'lora.target_modules',
    'lora.use_rslora',
    'lora.use_dora',
    'lora.loraplus_lr_ratio',
    'lora.init_adapter',
  ],
  optimizer: [
    'training.warmup_steps',
    'training.schedule',
    'training.weight_decay',
    'training.max_grad_norm',
    'training.beta1',
    'training.beta2',
    'training.epsilon',
    'training.seed',
  ],
  length: ['training.train_on', 'training.precision', 'training.gradient_checkpointing'],
  keeping: ['training.eval_steps', 'training.early_stopping_patience', 'training.save_steps', 'training.save_total_limit'],
  samples: ['training.sample_prompts', 'training.sample_steps', 'training.sample_tokens'],
  rows: ['data.max_rows', 'data.chat_template'],
  machine: [
    'cpu_optimization.num_workers',
    'cpu_optimization.memory_pool_size',
    'cpu_optimization.priority',
    'cpu_optimization.spare_thread',
    'cpu_optimization.pause_on_battery',
    'cpu_optimization.use_vectorization',
    'cpu_optimization.cache_optimization',
    'cpu_optimization.use_simd',
  ],
  logs: [
    'logging.level',
    'logging.format',
    'logging.include_timestamp',
    'logging.include_level',
    'environment.debug',
    'environment.profile',
    'environment.profile_path',
  ],
};

export const advancedGroups = Object.keys(knobGroups).filter((group): group is Exclude<KnobGroup, 'basic'> => group !== 'basic');

export type KnobKind =
  { readonly kind: 'number' | 'switch' | 'text' | 'file' | 'modules' | 'lines' } | { readonly kind: 'choice'; readonly choices: readonly string[] };

/** Text that names a file, with what is looked for. */
export const fileKnobs = { 'data.chat_template': 'template', 'lora.init_adapter': 'adapter' } as const satisfies Readonly<Record<ConfigPath, string>>;

export function knobKind(path: ConfigPath): KnobKind {
  if (path in fileKnobs) return { kind: 'file' };
  if (path === 'lora.target_modules') return { kind: 'modules' };
  const schema = bare(schemaAt(path));
  if (schema instanceof z.ZodBoolean) return { kind: 'switch' };
  if (schema instanceof z.ZodEnum) return { kind: 'choice', choices: schema.options.map(String) };
  if (schema instanceof z.ZodArray) return { kind: 'lines' };
  return { kind: schema instanceof z.ZodNumber ? 'number' : 'text' };
}

export function schemaAt(path: ConfigPath): unknown {
  const [block = '', key = ''] = path.split('.');
  const shape: Readonly<Record<string, unknown>> = block in blocks ? blocks[block as keyof typeof blocks].shape : {};
  return shape[key];
}

/** Without what allows null or mends the spelling. */
function bare(schema: unknown): unknown {
  if (schema instanceof z.ZodNullable) return bare(schema.unwrap());
  return schema instanceof z.ZodPipe ? bare(schema.out) : schema;
}

/** What a key is worth that is not written. */
export const defaultAt = (path: ConfigPath, cores: number): unknown => valueAt(resolveTrainingConfig({}, { model: '', dataPath: '', cores }).config, path);
