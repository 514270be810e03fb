/** What HANA has, as it was last seen from here: one row a fact, with its revision, hash and change number. */
import { z } from 'zod';
import type { Database, Row } from './database.ts';
import { json, parseRow, toJson } from './rows.ts';

const SharedRow = z.object({
  entity: z.string(),
  id: z.string(),
  rev: z.int().min(1),
  hash: z.string(),
  device: z.string(),
  seq: z.int().min(0),
  /** Version of the payload's shape. */
  schema: z.int().min(1),
  /** null: it was taken away. */
  payload: z.record(z.string(), z.json()).nullable(),
  updated_at: z.string(),
});
export type SharedRow = z.infer<typeof SharedRow>;

export interface SharedKey {
  readonly entity: string;
  readonly id: string;
}

export interface SharedFilter {
  readonly entity: string;
  /** Part of the id or the payload. */
  readonly text: string | null;
  /** Made by this device; null: by any. */
  readonly device: string | null;
  readonly limit: number;
  /** The change number and id of the last of the page before. */
  readonly after: { readonly seq: number; readonly id: string } | null;
}

export class SharedRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  put({ entity, id, rev, hash, device, seq, schema, payload, updated_at: at }: SharedRow): void {
    this.#database
      .prepare(
        `INSERT INTO shared_rows (entity, id, rev, hash, device, seq, schema, payload, updated_at)
         VALUES ($entity, $id, $rev, $hash, $device, $seq, $schema, $payload, $at)
         ON CONFLICT (entity, id) DO UPDATE SET rev = excluded.rev, hash = excluded.hash, device = excluded.device, seq = excluded.seq,
           schema = excluded.schema, payload = excluded.payload, updated_at = excluded.updated_at`,
      )
      .run({ entity, id, rev, hash, device, seq, schema, payload: toJson(payload), at });
  }

  find({ entity, id }: SharedKey): SharedRow | null {
    const row = this.#database.prepare('SELECT * FROM shared_rows WHERE entity = $entity AND id = $id').get({ entity, id });
    return row === undefined ? null : shared(row);
  }

  /** Its revision and hash alone; null: never seen. */
  markOf({ entity, id }: SharedKey): { readonly rev: number; readonly hash: string } | null {
    const row = this.#database.prepare('SELECT rev, hash FROM shared_rows WHERE entity = $entity AND id = $id').get({ entity, id });
    return row === undefined ? null : { rev: Number(row['rev']), hash: String(row['hash']) };
  }

  /** Newest changes first; what was taken away is not shown. */
  list({ entity, text, device, limit, after }: SharedFilter): readonly SharedRow[] {
    return this.#database
      .prepare(
        `SELECT * FROM shared_rows
         WHERE entity = $entity AND payload IS NOT NULL AND ($device IS NULL OR device = $device)
           AND ($text IS NULL OR instr(lower(id), lower($text)) > 0 OR instr(lower(payload), lower($text)) > 0)
           AND ($seq IS NULL OR (seq, id) < ($seq, $id))
         ORDER BY seq DESC, id DESC LIMIT $limit`,
      )
      .all({ entity, text, device, limit, seq: after?.seq ?? null, id: after?.id ?? null })
      .map(shared);
  }

  /** Every fact of an entity that is there, by id. */
  all(entity: string): readonly SharedRow[] {
    return this.#database.prepare('SELECT * FROM shared_rows WHERE entity = $entity AND payload IS NOT NULL ORDER BY id').all({ entity }).map(shared);
  }

  /** The tags of a model's name. */
  tagsOf(name: string): readonly SharedRow[] {
    return this.#database
      .prepare("SELECT * FROM shared_rows WHERE entity = 'tag' AND payload IS NOT NULL AND substr(id, 1, length($name) + 1) = $name || ':' ORDER BY id")
      .all({ name })
      .map(shared);
  }

  /** Everything that was seen, taken away or not. */
  keys(): readonly (SharedKey & { readonly isAway: boolean })[] {
    const rows = this.#database.prepare('SELECT entity, id, payload IS NULL AS away FROM shared_rows ORDER BY entity, id').all();
    return rows.map(({ entity, id, away }) => ({ entity: String(entity), id: String(id), isAway: away === 1 }));
  }

  sizes(): readonly { readonly entity: string; readonly rows: number }[] {
    const rows = this.#database.prepare('SELECT entity, count(*) AS count FROM shared_rows WHERE payload IS NOT NULL GROUP BY entity ORDER BY entity').all();
    return rows.map(({ entity, count }) => ({ entity: String(entity), rows: Number(count) }));
  }

  remove({ entity, id }: SharedKey): void {
    this.#database.prepare('DELETE FROM shared_rows WHERE entity = $entity AND id = $id').run({ entity, id });
  }
}

const shared = (row: Row): SharedRow =>
  parseRow(SharedRow, { ...row, payload: json(row['payload']) }, { table: 'shared_rows', id: `${String(row['entity'])} ${String(row['id'])}` });
