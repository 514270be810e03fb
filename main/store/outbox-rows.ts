/** What HANA has not seen yet: one pending row an entity, since a later state of it takes the place of an unsent earlier one. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Database, Row } from './database.ts';
import { json, parseRow } from './rows.ts';

export interface OutboxFact {
  readonly entity: 'run' | 'version' | 'tag' | 'benchmark' | 'deployment';
  readonly id: string;
  /** Version of the payload's shape. */
  readonly schema: number;
  readonly payload: unknown;
}

const PendingRow = z.object({
  key: z.string(),
  entity: z.enum(['run', 'version', 'tag', 'benchmark', 'deployment']),
  id: z.string(),
  schema: z.int().min(1),
  payload: z.unknown(),
});
const ParkedRow = z.object({ entity: z.string(), id: z.string(), at: z.iso.datetime(), attempts: z.int().min(0), problem: z.string().nullable() });
const where = (row: Row) => ({ table: 'outbox', id: String(row['seq']) });

export interface OutboxSize {
  readonly pending: number;
  readonly sending: number;
  readonly parked: number;
  readonly bytes: number;
}

export class OutboxRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  put({ entity, id, schema, payload }: OutboxFact, at: Date): void {
    this.#database
      .prepare(
        `INSERT INTO outbox (id, entity, entity_id, schema, payload, at, state) VALUES ($id, $entity, $entityId, $schema, $payload, $at, 'pending')
         ON CONFLICT (entity, entity_id) WHERE state = 'pending' DO UPDATE SET schema = excluded.schema, payload = excluded.payload, at = excluded.at`,
      )
      .run({ id: randomUUID(), entity, entityId: id, schema, payload: JSON.stringify(payload), at: at.toISOString() });
  }

  /** Refused by the other side: kept as it is, with the reason. A later state of the entity gets a row of its own. */
  park(id: string, problem: string): void {
    this.#database.prepare("UPDATE outbox SET state = 'parked', attempts = attempts + 1, problem = $problem WHERE id = $id").run({ id, problem });
  }

  /** In the order in which they came. */
  pending(limit: number): readonly (OutboxFact & { readonly key: string })[] {
    const rows = this.#database.prepare("SELECT * FROM outbox WHERE state = 'pending' ORDER BY seq LIMIT $limit").all({ limit });
    return rows.map((row) =>
      parseRow(PendingRow, { key: row['id'], entity: row['entity'], id: row['entity_id'], schema: row['schema'], payload: json(row['payload']) }, where(row)),
    );
  }

  parked(limit: number): { entity: string; id: string; at: string; attempts: number; problem: string | null }[] {
    const rows = this.#database
      .prepare("SELECT seq, entity, entity_id AS id, at, attempts, problem FROM outbox WHERE state = 'parked' ORDER BY seq LIMIT $limit")
      .all({ limit });
    return rows.map((row) => parseRow(ParkedRow, row, where(row)));
  }

  /** The connection that has been told of everything; null: none. */
  connection(): string | null {
    const id = this.#database.prepare('SELECT id FROM connections').get()?.['id'] ?? null;
    return id === null ? null : String(id);
  }

  setConnection(id: string | null, at: Date): void {
    this.#database.prepare('DELETE FROM connections').run();
    if (id !== null) this.#database.prepare('INSERT INTO connections (id, since) VALUES ($id, $since)').run({ id, since: at.toISOString() });
  }

  oldest(): string | null {
    const at = this.#database.prepare('SELECT min(at) AS at FROM outbox').get()?.['at'] ?? null;
    return at === null ? null : String(at);
  }

  sizes(): { entity: string; rows: number; bytes: number }[] {
    const rows = this.#database
      .prepare('SELECT entity, count(*) AS count, sum(octet_length(payload)) AS bytes FROM outbox GROUP BY entity ORDER BY entity')
      .all();
    return rows.map(({ entity, count, bytes }) => ({ entity: String(entity), rows: Number(count), bytes: Number(bytes) }));
  }

  size(): OutboxSize {
    const rows = this.#database.prepare('SELECT state, count(*) AS count, sum(octet_length(payload)) AS bytes FROM outbox GROUP BY state').all();
    const of = (state: string): number => Number(rows.find((row) => row['state'] === state)?.['count'] ?? 0);
    const bytes = rows.reduce((sum, row) => sum + Number(row['bytes']), 0);
    return { pending: of('pending'), sending: of('sending'), parked: of('parked'), bytes };
  }
}
