/**
 * What HANA has not seen yet: one pending row an entity, since a later state of it takes the place of an unsent earlier one. `sending`: it may have come
 * through, so it is sent again under the same id before anything else is.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Database, Row } from './database.ts';
import { json, parseRow } from './rows.ts';

export const outboxEntities = ['run', 'version', 'tag', 'benchmark', 'deployment', 'audit', 'conflict'] as const;

export interface OutboxFact {
  readonly entity: (typeof outboxEntities)[number];
  readonly id: string;
  /** Version of the payload's shape. */
  readonly schema: number;
  readonly payload: unknown;
}

const PendingRow = z.object({
  key: z.string(),
  entity: z.enum(outboxEntities),
  id: z.string(),
  schema: z.int().min(1),
  payload: z.unknown(),
  at: z.iso.datetime(),
  group: z.string().nullable(),
});
const ParkedRow = z.object({ entity: z.string(), id: z.string(), at: z.iso.datetime(), attempts: z.int().min(0), problem: z.string().nullable() });
const where = (row: Row) => ({ table: 'outbox', id: String(row['seq']) });
const operation = (row: Row): Operation =>
  parseRow(
    PendingRow,
    {
      key: row['id'],
      entity: row['entity'],
      id: row['entity_id'],
      schema: row['schema'],
      payload: json(row['payload']),
      at: row['at'],
      group: row['group_id'],
    },
    where(row),
  );

export type Operation = Readonly<z.infer<typeof PendingRow>>;

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

  /** `group`: what is put under one goes up together. */
  put({ entity, id, schema, payload }: OutboxFact, at: Date, group: string | null = null): void {
    this.#database
      .prepare(
        `INSERT INTO outbox (id, entity, entity_id, schema, payload, at, state, group_id)
         VALUES ($id, $entity, $entityId, $schema, $payload, $at, 'pending', $group)
         ON CONFLICT (entity, entity_id) WHERE state = 'pending' DO UPDATE SET schema = excluded.schema, payload = excluded.payload, at = excluded.at`,
      )
      .run({ id: randomUUID(), entity, entityId: id, schema, payload: JSON.stringify(payload ?? null), at: at.toISOString(), group });
  }

  /** Refused by the other side: kept as it is, with the reason. A later state of the entity gets a row of its own. */
  park(key: string, problem: string): void {
    this.#database.prepare("UPDATE outbox SET state = 'parked', attempts = attempts + 1, problem = $problem WHERE id = $key").run({ key, problem });
  }

  /** Before they are sent. */
  begin(keys: readonly string[]): void {
    const begin = this.#database.prepare("UPDATE outbox SET state = 'sending', attempts = attempts + 1 WHERE id = $key");
    for (const key of keys) begin.run({ key });
  }

  /** They are known not to have come through: where a later state of the entity waits it takes their place. */
  takeBack(keys: readonly string[]): void {
    const drop = this.#database.prepare(
      `DELETE FROM outbox WHERE id = $key AND EXISTS
         (SELECT 1 FROM outbox later WHERE later.entity = outbox.entity AND later.entity_id = outbox.entity_id AND later.state = 'pending')`,
    );
    const wait = this.#database.prepare("UPDATE outbox SET state = 'pending' WHERE id = $key");
    for (const key of keys) if (drop.run({ key }).changes === 0) wait.run({ key });
  }

  /** HANA has it. What was refused of the same entity before is part of it. */
  settle({ key, entity, id }: Pick<Operation, 'key' | 'entity' | 'id'>): void {
    this.#database.prepare("DELETE FROM outbox WHERE id = $key OR (entity = $entity AND entity_id = $id AND state = 'parked')").run({ key, entity, id });
  }

  /** Every refused one waits again; one of which a later state waits goes. Returns how many there were. */
  retry(): number {
    const keys = this.#database.prepare("SELECT id FROM outbox WHERE state = 'parked' ORDER BY seq DESC").all();
    this.takeBack(keys.map(({ id }) => String(id)));
    return keys.length;
  }

  /** Whether anything of the entity has not been taken in by HANA, refused or not. `but`: besides this one, and what was refused before it. */
  isUnsent({ entity, id }: Pick<OutboxFact, 'id'> & { readonly entity: string }, but: string | null = null): boolean {
    const row = this.#database
      .prepare("SELECT 1 FROM outbox WHERE entity = $entity AND entity_id = $id AND ($but IS NULL OR (id <> $but AND state <> 'parked')) LIMIT 1")
      .get({ entity, id, but });
    return row !== undefined;
  }

  /** In the order in which they came; none whose earlier state is still being sent. */
  pending(limit: number): readonly Operation[] {
    return this.#database
      .prepare(
        `SELECT * FROM outbox WHERE state = 'pending' AND NOT EXISTS
           (SELECT 1 FROM outbox s WHERE s.entity = outbox.entity AND s.entity_id = outbox.entity_id AND s.state = 'sending')
         ORDER BY seq LIMIT $limit`,
      )
      .all({ limit })
      .map(operation);
  }

  pendingOf(entity: string, id: string): Operation | null {
    const row = this.#database
      .prepare("SELECT * FROM outbox WHERE entity = $entity AND entity_id = $id AND state = 'pending' ORDER BY seq LIMIT 1")
      .get({ entity, id });
    return row === undefined ? null : operation(row);
  }

  /** The last word of it that has not been taken in, sent or not. */
  latestOf(entity: string, id: string): Operation | null {
    const row = this.#database
      .prepare("SELECT * FROM outbox WHERE entity = $entity AND entity_id = $id AND state <> 'parked' ORDER BY seq DESC LIMIT 1")
      .get({ entity, id });
    return row === undefined ? null : operation(row);
  }

  /** What waits of an entity is told anew otherwise. */
  forget(entity: OutboxFact['entity']): void {
    this.#database.prepare('DELETE FROM outbox WHERE entity = $entity').run({ entity });
  }

  /** What may have come through. */
  sending(): readonly Operation[] {
    return this.#database.prepare("SELECT * FROM outbox WHERE state = 'sending' ORDER BY seq").all().map(operation);
  }

  /** What else of a group waits, from after `key` on. */
  restOfGroup(group: string, keys: readonly string[]): readonly Operation[] {
    const known = new Set(keys);
    return this.#database
      .prepare("SELECT * FROM outbox WHERE group_id = $group AND state = 'pending' ORDER BY seq")
      .all({ group })
      .map(operation)
      .filter(({ key }) => !known.has(key));
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
