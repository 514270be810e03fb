/** The `environment` block: help with finding out what happens inside. */
import { z } from 'zod';

export const EnvironmentConfig = z.strictObject({
  /** Log at debug level, whatever `logging.level` says. */
  debug: z.boolean(),
  /** Write a table of the time spent in each kernel when the job ends. */
  profile: z.boolean(),
  /** Folder of that table, relative to the run folder. */
  profile_path: z.string().min(1),
});
export type EnvironmentConfig = z.infer<typeof EnvironmentConfig>;

export const environmentDefaults: EnvironmentConfig = { debug: false, profile: false, profile_path: 'profiles' };
