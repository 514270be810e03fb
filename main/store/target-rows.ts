/** Targets, with what was last found there. */
import { z } from 'zod';
import { DriftFinding } from '../../shared/domain/deployment.ts';
import { ServerReport, Target } from '../../shared/domain/target.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Database, Row } from './database.ts';
import { json, parseRow } from './rows.ts';

const StoredTarget = z.object({
  target: Target,
  reports: z.array(ServerReport),
  drift: z.array(DriftFinding),
  revision: z.int().min(1),
});
export type StoredTarget = z.infer<typeof StoredTarget>;

export class TargetRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list(): readonly StoredTarget[] {
    return this.#database.prepare('SELECT * FROM targets ORDER BY name').all().map(stored);
  }

  find(name: string): StoredTarget | null {
    const row = this.#database.prepare('SELECT * FROM targets WHERE name = $name').get({ name });
    return row === undefined ? null : stored(row);
  }

  /** Throws DEPLOY_TARGET_UNKNOWN. */
  get(name: string): StoredTarget {
    const found = this.find(name);
    if (found === null) throw new AppError('DEPLOY_TARGET_UNKNOWN', { target: name });
    return found;
  }

  /** What was found there counts no more: it was of other servers. */
  put(target: Target): void {
    this.#database
      .prepare(
        `INSERT INTO targets (name, target) VALUES ($name, $target)
         ON CONFLICT DO UPDATE SET target = excluded.target, reports = '[]', drift = '[]', revision = revision + 1`,
      )
      .run({ name: target.name, target: JSON.stringify(target) });
  }

  setFindings(name: string, { reports, drift }: Pick<StoredTarget, 'reports' | 'drift'>): void {
    this.#database
      .prepare('UPDATE targets SET reports = $reports, drift = $drift, revision = revision + 1 WHERE name = $name')
      .run({ name, reports: JSON.stringify(reports), drift: JSON.stringify(drift) });
  }

  remove(name: string): void {
    this.#database.prepare('DELETE FROM targets WHERE name = $name').run({ name });
  }
}

const stored = ({ name, target, reports, drift, revision }: Row): StoredTarget =>
  parseRow(StoredTarget, { target: json(target), reports: json(reports), drift: json(drift), revision }, { table: 'targets', id: String(name) });
