/** What the services know of HANA: a session in which statements run, whichever driver carries them. */

/** TIMESTAMP as ISO 8601 in UTC, DECIMAL and a BIGINT beyond 2^53 as text, NCLOB as text, BLOB as base64. */
export type HanaValue = string | number | boolean | null;
/** By column, in the spelling that HANA gives. */
export type HanaRow = Readonly<Record<string, HanaValue>>;

/**
 * One transaction after another: nothing is committed by itself. A session that was lost stays lost (HANA_LOST for every later call, `commit` too), and what
 * it had not committed is gone; whether a `commit` came through that was under way is then unknown.
 */
export interface HanaSession {
  /** Throws HANA_*. */
  query(sql: string, params?: readonly HanaValue[]): Promise<readonly HanaRow[]>;
  /** Returns how many rows it touched. Throws HANA_*. */
  update(sql: string, params?: readonly HanaValue[]): Promise<number>;
  /** The same statement for each row. Throws HANA_* of the first that fails; the transaction is then to be rolled back. */
  batch(sql: string, rows: readonly (readonly HanaValue[])[]): Promise<number>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Rolls back what is open. Never throws. */
  close(): Promise<void>;
}

export interface HanaDoor {
  /** Logs on once, and never again by itself. `connection` by its name. Throws HANA_*, SECRET_*. */
  open(connection: string): Promise<HanaSession>;
}
