/** Settings that somebody set, as lathe.db keeps them. */
import { SettingName, settingRows } from '../../shared/domain/settings.ts';
import type { Database, Row } from './database.ts';
import { json, parseRow } from './rows.ts';

export interface SetSetting {
  readonly name: SettingName;
  readonly value: boolean | number | string;
  readonly at: string;
}

export class SettingRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** One that another version knows is left out, and left alone. */
  list(): readonly SetSetting[] {
    const rows = this.#database.prepare('SELECT key, value, at FROM settings ORDER BY key').all();
    return rows.flatMap(({ key, value, at }) => {
      const name = SettingName.safeParse(key);
      if (!name.success) return [];
      return [{ name: name.data, value: parseRow(settingRows[name.data].schema, json(value), { table: 'settings', id: name.data }), at: String(at) }];
    });
  }

  /** Rows whose value is none of their setting's, as they stand. */
  unsound(): readonly (Row & { readonly key: string })[] {
    const rows = this.#database.prepare('SELECT key, value, at FROM settings ORDER BY key').all();
    return rows.flatMap((row) => {
      const name = SettingName.safeParse(row['key']);
      return name.success && !settingRows[name.data].schema.safeParse(json(row['value'])).success ? [{ ...row, key: name.data }] : [];
    });
  }

  set(name: SettingName, value: boolean | number | string, at: string): void {
    this.#database
      .prepare('INSERT INTO settings (key, value, at) VALUES ($name, $value, $at) ON CONFLICT (key) DO UPDATE SET value = excluded.value, at = excluded.at')
      .run({ name, value: JSON.stringify(value), at });
  }

  unset(name: string): void {
    this.#database.prepare('DELETE FROM settings WHERE key = $name').run({ name });
  }
}
