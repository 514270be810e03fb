/** The body of POST /v1/training/start, and what it means as a call. */
import { z } from 'zod';
import { CpuOptimization } from '../domain/cpu-optimization.ts';
import { DataConfig } from '../domain/data-config.ts';
import { LoraConfigInput } from '../domain/lora-config.ts';
import { TrainingSettings } from '../domain/training-settings.ts';
import { StartRun } from './run-calls.ts';

const settings = TrainingSettings.partial();

/** A name on the shelf; from an admin also an absolute path. */
const Reference = z.string().min(1).max(4_096);

export const TrainingStart = z
  .strictObject({
    model_name: Reference,
    dataset_name: Reference,
    /** The keys of the `training` block; `epochs` is a second name of `max_epochs`. */
    config: settings.extend({ epochs: TrainingSettings.shape.max_epochs.optional() }).default({}),
    lora: LoraConfigInput.optional(),
    training: settings.optional(),
    data: DataConfig.omit({ path: true }).partial().strict().optional(),
    cpu_optimization: CpuOptimization.partial().optional(),
    name: StartRun.shape.name,
    priority: StartRun.shape.priority,
  })
  .superRefine(({ config, training = {} }, context) => {
    const twice = (path: readonly string[], message: string): void => context.addIssue({ code: 'custom', path: [...path], message });
    if (config.epochs !== undefined && config.max_epochs !== undefined) twice(['config', 'epochs'], 'max_epochs says it already');
    const { epochs, ...rest } = config;
    const given = { ...rest, ...(epochs === undefined ? {} : { max_epochs: epochs }) };
    for (const key of Object.keys(given)) if (key in training) twice(['training', key], 'config says it already');
  });
export type TrainingStart = z.infer<typeof TrainingStart>;

export function startRunOf({
  model_name,
  dataset_name,
  config,
  lora,
  training,
  data,
  cpu_optimization,
  name,
  priority,
}: TrainingStart): z.input<typeof StartRun> {
  const { epochs, ...settingsGiven } = config;
  return {
    name,
    priority,
    config: {
      model: model_name,
      data: { ...data, path: dataset_name },
      training: { ...training, ...settingsGiven, ...(epochs === undefined ? {} : { max_epochs: epochs }) },
      ...(lora === undefined ? {} : { lora }),
      ...(cpu_optimization === undefined ? {} : { cpu_optimization }),
    },
  };
}
