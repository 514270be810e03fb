/** Runs that shall become a version when they are done: what was asked for with them, kept until it is. */
import { z } from 'zod';
import { VersionWords } from '../../shared/contracts/registry-calls.ts';
import { Actor } from '../../shared/domain/actor.ts';
import type { Database, Row } from './database.ts';
import { json, parseRow } from './rows.ts';

export const PlannedVersion = z.object({ run: z.string(), words: VersionWords, actor: Actor });
export type PlannedVersion = z.infer<typeof PlannedVersion>;

export class PlannedVersionRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  put({ run, words, actor }: PlannedVersion): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO planned_versions (run, words, actor) VALUES ($run, $words, $actor)')
      .run({ run, words: JSON.stringify(words), actor: JSON.stringify(actor) });
  }

  find(run: string): PlannedVersion | null {
    const row = this.#database.prepare('SELECT * FROM planned_versions WHERE run = $run').get({ run });
    return row === undefined ? null : planned(row);
  }

  all(): readonly PlannedVersion[] {
    return this.#database.prepare('SELECT * FROM planned_versions ORDER BY run').all().map(planned);
  }

  remove(run: string): void {
    this.#database.prepare('DELETE FROM planned_versions WHERE run = $run').run({ run });
  }
}

const planned = ({ run, words, actor }: Row): PlannedVersion =>
  parseRow(PlannedVersion, { run, words: json(words), actor: json(actor) }, { table: 'planned_versions', id: String(run) });
