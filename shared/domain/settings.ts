/** Settings of a LATHE_HOME: what each means, what it may be, and what it is where nobody set it. */
import { z } from 'zod';

interface SettingRow<Schema extends z.ZodType = z.ZodType> {
  readonly does: string;
  readonly schema: Schema;
  readonly otherwise: z.output<Schema>;
}
const setting = <Schema extends z.ZodType>(does: string, schema: Schema, otherwise: z.output<Schema>): SettingRow<Schema> => ({ does, schema, otherwise });

export const settingRows = {
  resume_interrupted: setting('after a crash or a restart of the machine, runs that it cut short go on by themselves', z.boolean(), false),
  max_restarts: setting('how often a run whose process died is started again by itself', z.int().min(0).max(100), 2),
  max_parallel_runs: setting('how many runs may be worked on at once; cores and memory may allow fewer', z.int().min(1).max(64), 8),
  keep_awake: setting('the machine does not fall asleep while a run is worked on', z.boolean(), true),
  update_url: setting(
    'where the window asks once a day for the newest version, and then only tells; empty: nowhere',
    z.union([z.literal(''), z.url({ protocol: /^https?$/ })]),
    '',
  ),
} as const satisfies Record<string, SettingRow>;

export type SettingName = keyof typeof settingRows;
export const settingNames = Object.keys(settingRows) as [SettingName, ...SettingName[]];
export const SettingName = z.enum(settingNames);

export const Settings = z.strictObject({
  resume_interrupted: settingRows.resume_interrupted.schema,
  max_restarts: settingRows.max_restarts.schema,
  max_parallel_runs: settingRows.max_parallel_runs.schema,
  keep_awake: settingRows.keep_awake.schema,
  update_url: settingRows.update_url.schema,
} satisfies Record<SettingName, z.ZodType>);
export type Settings = z.infer<typeof Settings>;

export const settingDefaults: Settings = {
  resume_interrupted: settingRows.resume_interrupted.otherwise,
  max_restarts: settingRows.max_restarts.otherwise,
  max_parallel_runs: settingRows.max_parallel_runs.otherwise,
  keep_awake: settingRows.keep_awake.otherwise,
  update_url: settingRows.update_url.otherwise,
};
