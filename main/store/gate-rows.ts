/** The gate's rules as lathe.db keeps them: of one name, or of every name that has none of its own. */
import { GateRules } from '../../shared/domain/gates-config.ts';
import type { Database } from './database.ts';
import { json, parseRow } from './rows.ts';

/** The name under which the rules of every name stand; no model is called so. */
const every = '';

export class GateRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** `name` null: of every name. null: none are set. */
  get(name: string | null): GateRules | null {
    const row = this.#database.prepare('SELECT rules FROM gates WHERE name = $name').get({ name: name ?? every });
    return row === undefined ? null : parseRow(GateRules, json(row['rules']), { table: 'gates', id: name ?? 'every name' });
  }

  /** `rules` null: none. */
  set(name: string | null, rules: GateRules | null): void {
    if (rules === null) this.#database.prepare('DELETE FROM gates WHERE name = $name').run({ name: name ?? every });
    else
      this.#database
        .prepare('INSERT INTO gates (name, rules) VALUES ($name, $rules) ON CONFLICT (name) DO UPDATE SET rules = excluded.rules')
        .run({ name: name ?? every, rules: JSON.stringify(rules) });
  }
}
