/** The SQLite connection as the repositories see it: prepared once, timed, one transaction at a time. */
import SqliteDatabase from 'better-sqlite3';
import type { Logger } from '../platform/logger.ts';
import { storeFailure } from './store-failure.ts';

/** A statement that takes longer is logged. */
const slowMs = 40;

export type SqlValue = string | number | bigint | null | Uint8Array;
export type Params = Readonly<Record<string, SqlValue>>;
export type Row = Readonly<Record<string, SqlValue>>;

export interface Statement {
  get(params?: Params): Row | undefined;
  all(params?: Params): readonly Row[];
  /** Without names, in the order of the columns: for very many rows. */
  values(params?: Params): readonly (readonly SqlValue[])[];
  run(params?: Params): { readonly changes: number; readonly lastInsertRowid: number };
}

export class Database {
  readonly path: string;
  readonly #sqlite: SqliteDatabase.Database;
  readonly #log: Logger;
  readonly #statements = new Map<string, Statement>();

  constructor(path: string, log: Logger, options: { readonly readonly?: boolean } = {}) {
    this.path = path;
    this.#log = log;
    this.#sqlite = new SqliteDatabase(path, { readonly: options.readonly ?? false, timeout: 5_000 });
  }

  /** The same text gives the same statement. */
  prepare(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const prepared = this.#sqlite.prepare<[Params], Row>(sql);
    let bare: SqliteDatabase.Statement<[Params], SqlValue[]> | undefined;
    const timed = <Result>(act: () => Result): Result => this.#timed(sql, act);
    const statement: Statement = {
      get: (params = {}) => timed(() => prepared.get(params)),
      all: (params = {}) => timed(() => prepared.all(params)),
      values: (params = {}) => timed(() => (bare ??= this.#sqlite.prepare<[Params], SqlValue[]>(sql).raw()).all(params)),
      run: (params = {}) =>
        timed(() => {
          const { changes, lastInsertRowid } = prepared.run(params);
          return { changes, lastInsertRowid: Number(lastInsertRowid) };
        }),
    };
    this.#statements.set(sql, statement);
    return statement;
  }

  /** Row by row, so that those before a failure have been seen. Not for what is asked again and again. */
  each(sql: string, act: (row: Row) => void): void {
    for (const row of this.#sqlite.prepare<[], Row>(sql).iterate()) act(row);
  }

  /** Several statements without parameters: a migration. */
  execute(sql: string): void {
    this.#timed(sql, () => this.#sqlite.exec(sql));
  }

  pragma(text: string): unknown {
    return this.#inOurWords(() => this.#sqlite.pragma(text, { simple: true }));
  }

  /** All or nothing. Inside another one it is a part of that: undone with it, and alone where it fails and the other puts up with that. */
  transaction<Result>(act: () => Result): Result {
    const transaction = this.#sqlite.transaction(act);
    return this.#inOurWords(() => (this.#sqlite.inTransaction ? transaction() : transaction.immediate()));
  }

  /**
   * A transaction that is not waited for on the disk: a power cut may lose it, whole, with all that was written in this way since the last ordinary
   * one. For what is kept elsewhere too.
   */
  unflushedTransaction<Result>(act: () => Result): Result {
    if (this.#sqlite.inTransaction) return this.transaction(act);
    this.#sqlite.pragma('synchronous = NORMAL');
    try {
      return this.transaction(act);
    } finally {
      this.#sqlite.pragma('synchronous = FULL');
    }
  }

  /** An online copy: others may write meanwhile. */
  async backup(path: string): Promise<void> {
    await this.#sqlite.backup(path);
  }

  close(): void {
    this.#sqlite.close();
  }

  /** What SQLite finds only when it comes across it: damage, a full disk. */
  #inOurWords<Result>(act: () => Result): Result {
    try {
      return act();
    } catch (error) {
      throw storeFailure(error, this.path);
    }
  }

  #timed<Result>(sql: string, act: () => Result): Result {
    const start = performance.now();
    const result = this.#inOurWords(act);
    const ms = performance.now() - start;
    if (ms > slowMs) this.#log.warn('slow statement', { sql: sql.trim().slice(0, 200), ms: Math.round(ms) });
    return result;
  }
}
