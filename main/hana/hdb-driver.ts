/** The driver `hdb`: open source, plain JavaScript. */
import { createClient, type HdbClient, type HdbColumn, type HdbLob, type HdbResultSet, type HdbStatement } from 'hdb';
import { hanaPage } from '../../shared/contracts/hana-messages.ts';
import { fromCesu8, toCesu8 } from './cesu8.ts';
import type { Cell, Driver, DriverSession, LogOn, RunQuery } from './driver.ts';
import { PageFiller } from './page-filler.ts';
import { StatementShelf } from './statement-shelf.ts';
import { tlsOptions } from './tls-options.ts';
import { fromDriver, toDriver, type DriverValue, type Kind } from './values.ts';

/** Of one packet: a batch is split by it. */
const packetBytes = 1 << 20;

/** Codes of types, as they come over the line. */
const kinds: ReadonlyMap<number, Kind> = new Map([
  ...[16, 61].map((type) => [type, 'instant'] as const),
  [62, 'second'],
  ...[12, 13, 27, 33, 71, 74, 75, 96].map((type) => [type, 'bytes'] as const),
  ...[8, 9, 10, 11, 25, 26, 29, 30, 31, 32, 51, 52, 53, 55, 72, 73].map((type) => [type, 'text'] as const),
  ...[5, 76, 81, 82].map((type) => [type, 'decimal'] as const),
  [28, 'boolean'],
]);
const kindOf = (type: number): Kind => kinds.get(type) ?? 'plain';
/** CLOB, which the driver would write as ASCII, and NCLOB. */
const isTextLob = (type: number): boolean => [25, 26].includes(type);

const direct = { rowsAsArray: true } as const;

export const hdbDriver: Driver = {
  open: async (logOn) => {
    const client = createClient(optionsOf(logOn));
    const gone = new Promise<void>((resolve) => {
      client.once('close', () => resolve());
      // Said besides to whoever waits for an answer.
      client.on('error', () => resolve());
    });
    await new Promise<void>((resolve, reject) => client.connect((error) => (error ? reject(error) : resolve())));
    client.setAutoCommit(false);
    return new HdbSession(client, gone);
  },
};

function optionsOf({ connection, password, ca, signal }: LogOn): Readonly<Record<string, unknown>> {
  const { host, port, database, user, encrypt, connect_timeout_seconds: seconds } = connection;
  return {
    ...{ host, port, user, password, signal },
    ...(database === null ? {} : { databaseName: database }),
    ...(encrypt ? { useTLS: true, ...tlsOptions(connection, ca) } : {}),
    initializationTimeout: seconds * 1_000,
    ...{ packetSize: packetBytes, packetSizeLimit: packetBytes, fetchSize: hanaPage.rows, tcpKeepAliveIdle: 60 },
    'SESSIONVARIABLE:APPLICATION': 'Lathe',
  };
}

const isResultSet = (answer: unknown): answer is HdbResultSet => typeof answer === 'object' && answer !== null && 'metadata' in answer;
const counted = (answer: unknown): number => {
  if (Array.isArray(answer)) return answer.reduce<number>((sum, count) => sum + counted(count), 0);
  // -2: done, and not told how many.
  return typeof answer === 'number' ? (answer === -2 ? 1 : Math.max(0, answer)) : 0;
};

/** Of one row: where its large objects went in pieces, each piece was answered with a count, and the last is the row's. */
const countedOnce = (answer: unknown): number => counted(Array.isArray(answer) ? answer.at(-1) : answer);

class HdbSession implements DriverSession {
  readonly #client: HdbClient;
  readonly #gone: Promise<void>;
  readonly #shelf = new StatementShelf<HdbStatement>({ drop: (statement) => statement.drop(() => undefined) });

  constructor(client: HdbClient, gone: Promise<void>) {
    this.#client = client;
    this.#gone = gone;
  }

  async query({ sql, params, onPage, onSign }: RunQuery): Promise<void> {
    const answer = await this.#execute(sql, params);
    if (!isResultSet(answer)) return;
    onSign();
    const columns = answer.metadata.map(({ columnDisplayName }) => columnDisplayName);
    const filler = new PageFiller(columns, onPage);
    try {
      for await (const rows of answer.createArrayStream(hanaPage.rows) as AsyncIterable<readonly (readonly unknown[])[]>) {
        onSign();
        for (const row of rows) await filler.add(await cellsOf(row, { metadata: answer.metadata, onSign }));
      }
    } finally {
      if (!answer.closed) answer.close(() => undefined);
    }
    await filler.end();
  }

  async update(sql: string, params: readonly Cell[]): Promise<number> {
    return countedOnce(await this.#execute(sql, params));
  }

  async batch(sql: string, rows: readonly (readonly Cell[])[]): Promise<number> {
    if (rows.length === 0) return 0;
    const count = rows.length === 1 ? countedOnce : counted;
    return count(
      await this.#prepared(sql, (statement, types) =>
        run(
          statement,
          rows.map((row) => bound(row, types)),
        ),
      ),
    );
  }

  commit(): Promise<void> {
    return called((done) => this.#client.commit(done));
  }

  rollback(): Promise<void> {
    return called((done) => this.#client.rollback(done));
  }

  close(): Promise<void> {
    return called((done) => this.#client.disconnect(done));
  }

  cut(): void {
    this.#client.destroy();
  }

  onGone(listener: () => void): void {
    void this.#gone.then(listener);
  }

  #execute(sql: string, params: readonly Cell[]): Promise<unknown> {
    if (params.length > 0) return this.#prepared(sql, (statement, types) => run(statement, bound(params, types)));
    // It may be one that changes tables, after which statements are to be prepared anew.
    if (!/^\s*(select|with)\b/i.test(sql)) this.#shelf.clear();
    return new Promise((resolve, reject) => this.#client.execute(sql, direct, (error, answer) => (error ? reject(error) : resolve(answer))));
  }

  async #prepared(sql: string, act: (statement: HdbStatement, types: readonly number[]) => Promise<unknown>): Promise<unknown> {
    const statement = await this.#shelf.get(sql, () => prepare(this.#client, sql));
    try {
      return await act(
        statement,
        (statement.parameterMetadata ?? []).map(({ dataType }) => dataType),
      );
    } catch (error) {
      this.#shelf.remove(sql);
      throw error;
    }
  }
}

const prepare = (client: HdbClient, sql: string): Promise<HdbStatement> =>
  new Promise((resolve, reject) => client.prepare(sql, (error, statement) => (error ? reject(error) : resolve(statement))));

const run = (statement: HdbStatement, values: readonly unknown[]): Promise<unknown> =>
  new Promise((resolve, reject) => statement.execute(values, direct, (error, answer) => (error ? reject(error) : resolve(answer))));

const called = (act: (done: (error?: Error | null) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => act((error) => (error ? reject(error) : resolve())));

const bound = (row: readonly Cell[], types: readonly number[]): readonly unknown[] =>
  row.map((value, index) => {
    const type = types[index] ?? 0;
    return value !== null && isTextLob(type) ? toCesu8(String(value)) : toDriver(value, kindOf(type));
  });

interface RowParts {
  readonly metadata: readonly HdbColumn[];
  readonly onSign: () => void;
}

const isLob = (value: unknown): value is HdbLob => typeof value === 'object' && value !== null && 'createReadStream' in value;

async function cellsOf(row: readonly unknown[], { metadata, onSign }: RowParts): Promise<readonly Cell[]> {
  const cells: Cell[] = [];
  for (const [index, value] of row.entries()) {
    const kind = kindOf(metadata[index]?.dataType ?? 0);
    if (!isLob(value)) cells.push(fromDriver(value as DriverValue, kind));
    else {
      const bytes = await readLob(value, onSign);
      cells.push(kind === 'text' ? fromCesu8(bytes) : bytes.toString('base64'));
    }
  }
  return cells;
}

async function readLob(lob: HdbLob, onSign: () => void): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of lob.createReadStream() as AsyncIterable<Buffer>) {
    onSign();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
