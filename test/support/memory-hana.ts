/**
 * A HANA of one test's own: the statements of the sync run over SQLite, one transaction at a time, and a connection can be cut before or after any of
 * them. What two writers at once do to each other is not to be seen here.
 */
import { AppError } from '../../shared/errors/app-error.ts';
import { Database, type Params } from '../../main/store/database.ts';
import { schemaSteps } from '../../main/services/hana/schema/steps.ts';
import type { HanaRow, HanaSession, HanaValue } from '../../main/services/hana/hana-session.ts';
import { keepingLogger } from './keeping-logger.ts';

export type Fault = 'before' | 'after' | AppError | undefined;

const server = 'memory';
const tables = schemaSteps.flatMap(({ objects }) => objects.filter(({ kind }) => kind === 'table').map(({ name }) => name));

export type Backup = readonly (readonly [table: string, rows: readonly HanaRow[]])[];

export class MemoryHana {
  readonly database = new Database(':memory:', keepingLogger());
  /** Every statement and commit asks it; `number` counts them. */
  fault: (statement: string, number: number, values: readonly HanaValue[]) => Fault = () => undefined;
  statements = 0;
  #busy: Promise<void> = Promise.resolve();
  #lose: (() => void)[] = [];

  constructor(epoch = 'first') {
    for (const { kind, sql } of schemaSteps.flatMap(({ objects }) => objects)) if (kind === 'table') this.database.execute(sqlite(sql));
    this.database.prepare('INSERT INTO LATHE_SYNC_CLOCK (ID, SEQ, MIN_SEQ, EPOCH, MIN_CLIENT) VALUES (1, 0, 0, $epoch, 1)').run({ epoch });
  }

  open(): HanaSession {
    return new MemorySession(this);
  }

  /** As an administrator sees it. */
  all(sql: string): HanaRow[] {
    return [...this.database.prepare(sql).all()] as HanaRow[];
  }

  /** What every table holds, to be brought back. */
  backup(): Backup {
    return tables.map((table) => [table, this.all(`SELECT * FROM ${table}`)]);
  }

  restore(backup: Backup): void {
    for (const [table, rows] of backup) {
      this.database.execute(`DELETE FROM ${table}`);
      for (const row of rows) {
        const columns = Object.keys(row);
        const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
        this.database.prepare(sqlite(sql)).run(bound(Object.values(row)));
      }
    }
  }

  /** Whoever begins a transaction has all of it until its end. */
  async take(): Promise<void> {
    const before = this.#busy;
    this.#busy = new Promise((resolve) => this.#lose.push(resolve));
    await before;
    this.database.execute('BEGIN');
  }

  give(end: 'COMMIT' | 'ROLLBACK'): void {
    this.database.execute(end);
    this.#lose.shift()?.();
  }
}

class MemorySession implements HanaSession {
  readonly #hana: MemoryHana;
  #isOpen = false;
  #isLost = false;

  constructor(hana: MemoryHana) {
    this.#hana = hana;
  }

  query(sql: string, params: readonly HanaValue[] = []): Promise<readonly HanaRow[]> {
    return this.#do(sql, params, () => this.#hana.database.prepare(sqlite(sql)).all(bound(params)) as HanaRow[]);
  }

  update(sql: string, params: readonly HanaValue[] = []): Promise<number> {
    return this.#do(sql, params, () => this.#hana.database.prepare(sqlite(sql)).run(bound(params)).changes);
  }

  batch(sql: string, rows: readonly (readonly HanaValue[])[]): Promise<number> {
    return this.#do(sql, rows.flat(), () => {
      const statement = this.#hana.database.prepare(sqlite(sql));
      return rows.reduce((sum, row) => sum + statement.run(bound(row)).changes, 0);
    });
  }

  commit(): Promise<void> {
    return this.#do('COMMIT', [], () => this.#end('COMMIT'));
  }

  rollback(): Promise<void> {
    if (this.#isLost) return Promise.reject(lost());
    if (this.#isOpen) this.#end('ROLLBACK');
    return Promise.resolve();
  }

  close(): Promise<void> {
    if (this.#isOpen) this.#end('ROLLBACK');
    this.#isLost = true;
    return Promise.resolve();
  }

  #end(how: 'COMMIT' | 'ROLLBACK'): void {
    if (this.#isOpen) this.#hana.give(how);
    this.#isOpen = false;
  }

  async #do<Result>(sql: string, values: readonly HanaValue[], act: () => Result): Promise<Result> {
    if (this.#isLost) throw lost();
    if (!this.#isOpen) {
      await this.#hana.take();
      this.#isOpen = true;
    }
    const fault = this.#hana.fault(sql, (this.#hana.statements += 1), values);
    if (fault instanceof AppError) throw fault;
    if (fault === 'before') return this.#lose();
    const result = run(act);
    return fault === 'after' ? this.#lose() : result;
  }

  #lose(): never {
    this.#end('ROLLBACK');
    this.#isLost = true;
    throw lost();
  }
}

const lost = (): AppError => new AppError('HANA_LOST', { server, problem: 'it was cut by the test' });
function sqlite(sql: string): string {
  let count = 0;
  const named = sql.replaceAll('?', () => `$p${(count += 1)}`);
  return named.replace('CREATE COLUMN TABLE', 'CREATE TABLE').replaceAll('CURRENT_UTCTIMESTAMP', "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')");
}
const bound = (values: readonly HanaValue[]): Params =>
  Object.fromEntries(values.map((value, index) => [`p${index + 1}`, typeof value === 'boolean' ? Number(value) : value]));

function run<Result>(act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_CONSTRAINT_PRIMARYKEY') throw new AppError('HANA_DUPLICATE', { server });
    throw error;
  }
}
