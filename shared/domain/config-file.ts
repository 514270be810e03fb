/** A whole configuration file: every block that any version of Lathe knows. Commands take the blocks that are theirs. */
import { z } from 'zod';
import { DeploymentConfig } from './deployment-config.ts';
import { GatesConfig } from './gates-config.ts';
import { SchedulerConfig } from './scheduler-config.ts';
import { TrainingConfigInput } from './training-config.ts';

export const ConfigFile = TrainingConfigInput.extend({
  scheduler: SchedulerConfig.partial().optional(),
  deployment: DeploymentConfig.partial().optional(),
  gates: GatesConfig.partial().optional(),
  hana: z.strictObject({ connection: z.string().min(1) }).optional(),
  targets: z.array(z.looseObject({ name: z.string().min(1) })).optional(),
});
export type ConfigFile = z.infer<typeof ConfigFile>;

/** Blocks that training takes no notice of; a training configuration that holds one is refused rather than half obeyed. */
export const blocksNotForTraining = ['scheduler', 'deployment', 'gates', 'hana', 'targets'] as const satisfies readonly (keyof ConfigFile)[];
