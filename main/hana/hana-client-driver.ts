/** SAP's own driver, `@sap/hana-client`: never part of Lathe, loaded from where the user installed it. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { HanaConnection } from '../../shared/domain/hana-connection.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Cell, Driver, DriverSession, LogOn, RunQuery } from './driver.ts';
import { PageFiller } from './page-filler.ts';
import { StatementShelf } from './statement-shelf.ts';
import { fromDriver, toDriver, type DriverValue, type Kind } from './values.ts';

type Done<Result> = (error: Error | null | undefined, result: Result) => void;
interface Typed {
  readonly nativeTypeName: string;
}
interface ResultSet {
  getColumnInfo(): readonly (Typed & { readonly columnName: string })[];
  /** Whether it has to ask HANA; without a `done` it is answered at once. */
  nextCanBlock(): boolean;
  next(done?: Done<boolean>): boolean;
  getValuesCanBlock(): boolean;
  getValues(done?: Done<readonly DriverValue[]>): readonly DriverValue[];
  setAsArrayDefault(on: boolean): void;
  close(done: Done<undefined>): void;
}
interface Statement {
  getParameterInfo(): readonly Typed[];
  exec(params: readonly unknown[], done: Done<unknown>): void;
  execBatch(rows: readonly (readonly unknown[])[], done: Done<unknown>): void;
  execQuery(params: readonly unknown[], done: Done<ResultSet>): void;
  drop(done: Done<undefined>): void;
}
interface Connection {
  connect(options: Readonly<Record<string, string>>, done: Done<undefined>): void;
  prepare(sql: string, done: Done<Statement>): void;
  exec(sql: string, done: Done<unknown>): void;
  setAutoCommit(on: boolean): void;
  commit(done: Done<undefined>): void;
  rollback(done: Done<undefined>): void;
  disconnect(done: Done<undefined>): void;
  abort(done: Done<undefined>): void;
}
interface HanaClient {
  createConnection(): Connection;
}

/** Throws HANA_DRIVER_MISSING. */
export function hanaClientDriver(folders: readonly string[]): Driver {
  const client = load(folders);
  return {
    open: async (logOn) => {
      const connection = client.createConnection();
      await called<undefined>((done) => connection.connect(optionsOf(logOn), done));
      connection.setAutoCommit(false);
      return new ClientSession(connection);
    },
  };
}

function load(folders: readonly string[]): HanaClient {
  for (const folder of folders) {
    const from = createRequire(join(folder, 'from-here.js'));
    const file = resolved(from);
    if (file === null) continue;
    try {
      return from(file) as HanaClient;
    } catch (error) {
      throw new AppError('HANA_DRIVER_MISSING', { problem: error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'it fails', folder });
    }
  }
  throw new AppError('HANA_DRIVER_MISSING', { problem: 'it is not installed', folder: folders[0] ?? '.' });
}

function resolved(from: NodeJS.Require): string | null {
  try {
    return from.resolve('@sap/hana-client');
  } catch {
    return null;
  }
}

/** All is text, and what is not known is ignored: nothing goes through here but what is written out. */
function optionsOf({ connection, password, ca }: LogOn): Readonly<Record<string, string>> {
  const { host, port, database, user, connect_timeout_seconds: connect, answer_timeout_seconds: answer } = connection;
  return {
    serverNode: `${host.includes(':') ? `[${host}]` : host}:${String(port)}`,
    uid: user,
    pwd: password,
    reconnect: 'false',
    connectTimeout: milliseconds(connect),
    communicationTimeout: milliseconds(answer),
    ...(database === null ? {} : { databaseName: database }),
    ...tlsOf(connection, ca),
  };
}

const milliseconds = (seconds: number): string => String(Math.round(seconds * 1_000));

function tlsOf({ encrypt, validate_certificate: isValidated, certificate_host: named }: HanaConnection, ca: string | null): Readonly<Record<string, string>> {
  if (!encrypt) return { encrypt: 'false' };
  return {
    encrypt: 'true',
    sslValidateCertificate: String(isValidated),
    ...(ca === null ? {} : { sslTrustStore: ca }),
    ...(named === null ? {} : { sslHostNameInCertificate: named }),
  };
}

const called = <Result>(act: (done: Done<Result>) => void): Promise<Result> =>
  new Promise((resolve, reject) => act((error, result) => (error ? reject(error) : resolve(result))));

const kinds: Readonly<Record<string, Kind>> = {
  TIMESTAMP: 'instant',
  LONGDATE: 'instant',
  SECONDDATE: 'second',
  ...Object.fromEntries(['BINARY', 'VARBINARY', 'BLOB', 'BSTRING', 'REAL_VECTOR', 'ST_GEOMETRY', 'ST_POINT'].map((name) => [name, 'bytes' as const])),
  ...Object.fromEntries(
    ['CHAR', 'VARCHAR', 'VARCHAR1', 'VARCHAR2', 'NCHAR', 'NVARCHAR', 'STRING', 'NSTRING', 'SHORTTEXT', 'ALPHANUM', 'CLOB', 'NCLOB', 'TEXT', 'BINTEXT'].map(
      (name) => [name, 'text' as const],
    ),
  ),
  ...Object.fromEntries(['DECIMAL', 'FIXED8', 'FIXED12', 'FIXED16'].map((name) => [name, 'decimal' as const])),
  BOOLEAN: 'boolean',
};
const kindOf = ({ nativeTypeName }: Typed): Kind => kinds[nativeTypeName] ?? 'plain';

class ClientSession implements DriverSession {
  readonly #connection: Connection;
  readonly #shelf = new StatementShelf<Statement>({ drop: (statement) => statement.drop(() => undefined) });

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  query({ sql, params, onPage, onSign }: RunQuery): Promise<void> {
    return this.#prepared(sql, async (statement, types) => {
      const result = await called<ResultSet>((done) => statement.execQuery(bound(params, types), done));
      result.setAsArrayDefault(true);
      const columns = result.getColumnInfo();
      const filler = new PageFiller(
        columns.map(({ columnName }) => columnName),
        onPage,
      );
      try {
        while (result.nextCanBlock() ? await called<boolean>((done) => result.next(done)) : result.next()) {
          onSign();
          const values = result.getValuesCanBlock() ? await called<readonly DriverValue[]>((done) => result.getValues(done)) : result.getValues();
          await filler.add(columns.map((column, index) => fromDriver(values[index], kindOf(column))));
        }
        await filler.end();
      } finally {
        await called<undefined>((done) => result.close(done)).catch(() => undefined);
      }
    });
  }

  update(sql: string, params: readonly Cell[]): Promise<number> {
    if (params.length > 0) return this.#prepared(sql, (statement, types) => called((done) => statement.exec(bound(params, types), done)).then(counted));
    this.#shelf.clear();
    return called((done) => this.#connection.exec(sql, done)).then(counted);
  }

  async batch(sql: string, rows: readonly (readonly Cell[])[]): Promise<number> {
    if (rows.length === 0) return 0;
    return this.#prepared(sql, async (statement, types) => {
      const values = rows.map((row) => bound(row, types));
      return counted(await called((done) => statement.execBatch(values, done)));
    });
  }

  async commit(): Promise<void> {
    await called<undefined>((done) => this.#connection.commit(done));
  }

  async rollback(): Promise<void> {
    await called<undefined>((done) => this.#connection.rollback(done));
  }

  async close(): Promise<void> {
    await called<undefined>((done) => this.#connection.disconnect(done));
  }

  cut(): void {
    this.#connection.abort(() => undefined);
  }

  /** It tells by the next call alone. */
  onGone(): void {
    // Left to the next call.
  }

  async #prepared<Result>(sql: string, act: (statement: Statement, types: readonly Typed[]) => Promise<Result>): Promise<Result> {
    const statement = await this.#shelf.get(sql, () => called((done) => this.#connection.prepare(sql, done)));
    try {
      return await act(statement, statement.getParameterInfo());
    } catch (error) {
      this.#shelf.remove(sql);
      throw error;
    }
  }
}

const counted = (answer: unknown): number => (typeof answer === 'number' ? Math.max(0, answer) : 0);

const bound = (row: readonly Cell[], types: readonly Typed[]): readonly unknown[] =>
  row.map((value, index) => toDriver(value, types[index] === undefined ? 'plain' : kindOf(types[index])));
