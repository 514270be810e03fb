/** What HANA has not seen yet: one pending row an entity, since a later state of it takes the place of an unsent earlier one. */
import { randomUUID } from 'node:crypto';
import type { Database } from './database.ts';

export interface OutboxFact {
  readonly entity: 'run' | 'version' | 'tag' | 'benchmark' | 'deployment';
  readonly id: string;
  /** Version of the payload's shape. */
  readonly schema: number;
  readonly payload: unknown;
}

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

  size(): OutboxSize {
    const rows = this.#database.prepare('SELECT state, count(*) AS count, sum(length(payload)) AS bytes FROM outbox GROUP BY state').all();
    const of = (state: string): number => Number(rows.find((row) => row['state'] === state)?.['count'] ?? 0);
    const bytes = rows.reduce((sum, row) => sum + Number(row['bytes']), 0);
    return { pending: of('pending'), sending: of('sending'), parked: of('parked'), bytes };
  }
}
