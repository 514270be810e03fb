/** Which device this LATHE_HOME is, and how far it has read what others told HANA. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { WireError } from '../../shared/errors/wire-error.ts';
import type { Database } from './database.ts';
import { json, parseRow, toJson } from './rows.ts';

const SyncStateRow = z.object({
  /** Made once a LATHE_HOME. */
  device: z.string(),
  /** The connection that shared rows and cursor are of; null: of none. */
  server: z.string().nullable(),
  epoch: z.string().nullable(),
  /** Everything up to this change number is here. */
  cursor: z.int().min(0),
  /** An operation that has it. */
  landmark: z.string().nullable(),
  last_round: z.string().nullable(),
  /** When rows that were taken away were last cleared away from here. */
  purged: z.string().nullable(),
  problem: WireError.nullable(),
});
export type SyncStateRow = z.infer<typeof SyncStateRow>;

export class SyncStateRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  get(): SyncStateRow {
    const row = this.#database.prepare('SELECT * FROM sync_state').get();
    if (row === undefined) return this.#begin();
    return parseRow(SyncStateRow, { ...row, problem: json(row['problem']) }, { table: 'sync_state', id: '1' });
  }

  update(changed: Partial<SyncStateRow>): SyncStateRow {
    const state = { ...this.get(), ...changed };
    const { problem, ...plain } = state;
    this.#database
      .prepare(
        `UPDATE sync_state SET device = $device, server = $server, epoch = $epoch, cursor = $cursor, landmark = $landmark,
           last_round = $last_round, purged = $purged, problem = $problem`,
      )
      .run({ ...plain, problem: toJson(problem) });
    return state;
  }

  /** Nothing has been read of this one. */
  forgetServer(server: string | null): void {
    this.#database.prepare('DELETE FROM shared_rows').run();
    this.update({ server, epoch: null, cursor: 0, landmark: null, purged: null, problem: null });
  }

  /** Another device from now on: what is told in its name begins anew. */
  renewDevice(): SyncStateRow {
    return this.update({ device: randomUUID() });
  }

  #begin(): SyncStateRow {
    const device = randomUUID();
    this.#database.prepare('INSERT INTO sync_state (id, device) VALUES (1, $device)').run({ device });
    return { device, server: null, epoch: null, cursor: 0, landmark: null, last_round: null, purged: null, problem: null };
  }
}
