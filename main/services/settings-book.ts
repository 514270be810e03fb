/** The settings of a LATHE_HOME: what is set, and what holds where nothing is. */
import type { OutputOf, ParsedInputOf } from '../../shared/contracts/calls.ts';
import type { Setting } from '../../shared/contracts/setting-calls.ts';
import type { Actor } from '../../shared/domain/actor.ts';
import { settingDefaults, settingNames, settingRows, Settings, type SettingName } from '../../shared/domain/settings.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Store } from '../store/store.ts';
import type { Ledger } from './ledger.ts';

export interface SettingsParts {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly now: () => Date;
}

export class SettingsBook {
  readonly #parts: SettingsParts;

  constructor(parts: SettingsParts) {
    this.#parts = parts;
  }

  /** As they hold now; read anew each time, so that a change is obeyed at once. */
  get values(): Settings {
    const set = Object.fromEntries(this.#parts.store.settings.list().map(({ name, value }) => [name, value]));
    return Settings.parse({ ...settingDefaults, ...set });
  }

  list(): OutputOf<'settings.list'> {
    return { settings: settingNames.map((name) => this.#get(name)), values: this.values };
  }

  /** Throws INPUT_INVALID. */
  set({ name, value }: ParsedInputOf<'settings.set'>, actor: Actor): Setting {
    const { store, ledger, now } = this.#parts;
    const parsed = value === null ? null : settingRows[name].schema.safeParse(value);
    if (parsed?.success === false) throw new AppError('INPUT_INVALID', { where: name, problem: parsed.error.issues[0]?.message ?? 'not a value of it' });
    return ledger.record(() => {
      const before = this.#get(name).value;
      if (parsed === null) store.settings.unset(name);
      else store.settings.set(name, parsed.data, now().toISOString());
      const result = this.#get(name);
      const audit = { actor, action: 'settings.set', subject: `setting ${name}`, before: { value: before }, after: { value: result.value } };
      return { result, fact: { audit, outbox: [], events: [] } };
    });
  }

  #get(name: SettingName): Setting {
    const set = this.#parts.store.settings.list().find((each) => each.name === name);
    return { name, value: set?.value ?? settingRows[name].otherwise, does: settingRows[name].does, set_at: set?.at ?? null };
  }
}
