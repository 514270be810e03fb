/** HANA connections by their names, and which of them facts are told to. */
import { z } from 'zod';
import { HanaConnection } from '../../shared/domain/hana-connection.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Database, Row } from './database.ts';
import { json, parseRow } from './rows.ts';

const StoredHana = z.object({ connection: HanaConnection, isChosen: z.boolean(), revision: z.int().min(1) });
export type StoredHana = z.infer<typeof StoredHana>;

export class HanaRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list(): readonly StoredHana[] {
    return this.#database.prepare('SELECT * FROM hana_connections ORDER BY name').all().map(stored);
  }

  find(name: string): StoredHana | null {
    const row = this.#database.prepare('SELECT * FROM hana_connections WHERE name = $name').get({ name });
    return row === undefined ? null : stored(row);
  }

  /** Throws HANA_CONNECTION_UNKNOWN. */
  get(name: string): StoredHana {
    const found = this.find(name);
    if (found === null) throw new AppError('HANA_CONNECTION_UNKNOWN', { connection: name });
    return found;
  }

  /** null: facts are told nowhere. */
  chosen(): StoredHana | null {
    const row = this.#database.prepare('SELECT * FROM hana_connections WHERE chosen = 1').get();
    return row === undefined ? null : stored(row);
  }

  put(connection: HanaConnection): void {
    this.#database
      .prepare(
        `INSERT INTO hana_connections (name, connection) VALUES ($name, $connection)
         ON CONFLICT DO UPDATE SET connection = excluded.connection, revision = revision + 1`,
      )
      .run({ name: connection.name, connection: JSON.stringify(connection) });
  }

  /** null: none is. */
  choose(name: string | null): void {
    this.#database.prepare('UPDATE hana_connections SET chosen = 0, revision = revision + 1 WHERE chosen = 1').run();
    if (name !== null) this.#database.prepare('UPDATE hana_connections SET chosen = 1, revision = revision + 1 WHERE name = $name').run({ name });
  }

  remove(name: string): void {
    this.#database.prepare('DELETE FROM hana_connections WHERE name = $name').run({ name });
  }
}

const stored = ({ name, connection, chosen, revision }: Row): StoredHana =>
  parseRow(StoredHana, { connection: json(connection), isChosen: chosen === 1, revision }, { table: 'hana_connections', id: String(name) });
