/** What is wrong with what was written for a setting, by the same schema that the core checks it with. */
import { settingRows, type SettingName } from '../../../shared/domain/settings.ts';
import { texts } from '../../texts/texts.ts';

/** null: nothing. */
export function settingProblem(name: SettingName, value: number | string): string | null {
  if (Number.isNaN(value)) return texts.settings.noNumber;
  const parsed = settingRows[name].schema.safeParse(value);
  return parsed.success ? null : (parsed.error.issues[0]?.message ?? null);
}
