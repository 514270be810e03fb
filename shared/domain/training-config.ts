/** Everything a training run is told, in two forms: as the user writes it (any part may be missing) and with every value resolved. */
import { z } from 'zod';
import { CpuOptimization } from './cpu-optimization.ts';
import { DataConfig } from './data-config.ts';
import { EnvironmentConfig } from './environment-config.ts';
import { LoggingConfig } from './logging-config.ts';
import { LoraConfig, LoraConfigInput } from './lora-config.ts';
import { TrainingSettings } from './training-settings.ts';

/** A path or a name on the shelf. */
const ModelReference = z.string().min(1);

/** What the user wrote, in a file or by flags. `data: rows.jsonl` is short for `data: {path: rows.jsonl}`. */
export const TrainingConfigInput = z.strictObject({
  model: ModelReference.optional(),
  data: z.preprocess((value) => (typeof value === 'string' ? { path: value } : value), DataConfig.partial()).optional(),
  lora: LoraConfigInput.optional(),
  training: TrainingSettings.partial().optional(),
  cpu_optimization: CpuOptimization.partial().optional(),
  logging: LoggingConfig.partial().optional(),
  environment: EnvironmentConfig.partial().optional(),
});
export type TrainingConfigInput = z.infer<typeof TrainingConfigInput>;

/** Every value resolved: what run.yaml holds under `config`. `model` and the paths of `data` are absolute. */
export const ResolvedTrainingConfig = z.strictObject({
  model: ModelReference,
  data: DataConfig,
  lora: LoraConfig,
  training: TrainingSettings,
  cpu_optimization: CpuOptimization,
  logging: LoggingConfig,
  environment: EnvironmentConfig,
});
export type ResolvedTrainingConfig = z.infer<typeof ResolvedTrainingConfig>;

/** A configuration with where it came from. */
export const TrainingRequest = z.strictObject({
  config: ResolvedTrainingConfig,
  /** Keys the user gave, as dotted paths (`training.warmup_steps`): defaults may be adapted to the run, these are obeyed. */
  explicit: z.array(z.string()),
  /** What was changed on the way, one sentence each, for the user to see. */
  notes: z.array(z.string()),
});
export type TrainingRequest = z.infer<typeof TrainingRequest>;
