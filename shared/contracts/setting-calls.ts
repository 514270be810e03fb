/** Calls about the settings of a LATHE_HOME. */
import { z } from 'zod';
import { SettingName, Settings } from '../domain/settings.ts';
import { call } from './call.ts';

const SettingValue = z.union([z.boolean(), z.number(), z.string()]);

export const Setting = z.object({
  name: SettingName,
  value: SettingValue,
  does: z.string(),
  /** null: nobody has, and this is the value then. */
  set_at: z.iso.datetime().nullable(),
});
export type Setting = z.infer<typeof Setting>;

export const settingCalls = {
  'settings.list': call({
    does: 'all settings',
    role: 'viewer',
    input: z.strictObject({}),
    output: z.object({ settings: z.array(Setting), values: Settings }),
  }),
  'settings.set': call({
    does: 'set one; null: as if nobody had',
    role: 'admin',
    input: z.strictObject({ name: SettingName, value: SettingValue.nullable() }),
    output: Setting,
  }),
} as const;
