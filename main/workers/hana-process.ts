/** The process of the HANA drivers, from the core's side: started, asked, and what its end means for the sessions in it. */
import { FromHana, hanaPage, type FetchOrder, hanaProtocol, type HanaRequest, type ToHana } from '../../shared/contracts/hana-messages.ts';
import type { HanaConnection } from '../../shared/domain/hana-connection.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { fromWireError } from '../../shared/errors/wire-error.ts';
import { describeExit } from './describe-exit.ts';
import type { Child, ChildExit, ChildListener } from './transport.ts';

type Cell = string | number | boolean | null;
type Row = Readonly<Record<string, Cell>>;
/** What a session asks; `call` and `session` are put to it. */
type Asked = { [T in HanaRequest['type']]: Omit<Extract<HanaRequest, { type: T }>, 'call' | 'session'> }[HanaRequest['type']];

export interface HanaProcessParts {
  readonly start: (listener: ChildListener) => Child;
  readonly logPath: () => string;
  /** A line that it wrote by itself. */
  readonly onOutput: (line: string) => void;
}

export interface OpenInHana {
  readonly connection: HanaConnection;
  readonly password: string;
  readonly driverFolders: readonly string[];
}

export interface FetchProgress {
  readonly rows: number;
  readonly bytes: number;
}
type OnProgress = (progress: FetchProgress) => void;
const unheard: OnProgress = () => undefined;

interface OpenCall {
  readonly server: string;
  readonly rows: Row[];
  readonly onProgress: OnProgress;
  readonly resolve: (count: number) => void;
  readonly reject: (error: AppError) => void;
}

export class HanaProcess {
  readonly #parts: HanaProcessParts;
  readonly #child: Child;
  readonly #calls = new Map<number, OpenCall>();
  /** Until it is ready. */
  #waiting: ToHana[] | null = [];
  #calledSoFar = 0;
  #openedSoFar = 0;
  #open = 0;
  #end: string | null = null;

  constructor(parts: HanaProcessParts) {
    this.#parts = parts;
    this.#child = parts.start({ onMessage: (raw) => this.#hear(raw), onOutput: parts.onOutput, onExit: (exit) => this.#ended(exit) });
  }

  get isGone(): boolean {
    return this.#end !== null;
  }

  /** How many sessions are open. */
  get sessions(): number {
    return this.#open;
  }

  /** Throws HANA_*. */
  async open({ connection, password, driverFolders }: OpenInHana): Promise<ProcessSession> {
    const session = (this.#openedSoFar += 1);
    const server = `${connection.host}:${String(connection.port)}`;
    this.#open += 1;
    try {
      await this.#ask(server, { type: 'open', session, connection, password, driver_folders: [...driverFolders] }).done;
    } catch (error) {
      this.#open -= 1;
      throw error;
    }
    return new ProcessSession({
      ask: (asked, onProgress) => this.#ask(server, { ...asked, session }, onProgress),
      cancel: (call) => this.#send({ type: 'cancel', call }),
      onClosed: () => (this.#open -= 1),
    });
  }

  /** At once; HANA rolls back what was open. */
  close(): void {
    this.#break('Lathe ended it');
    this.#child.kill();
  }

  #ask(server: string, asked: Asked & { readonly session: number }, onProgress = unheard): Asking {
    const call = (this.#calledSoFar += 1);
    const rows: Row[] = [];
    const done = new Promise<number>((resolve, reject) => {
      if (this.#end !== null) return reject(lost(server, this.#end));
      this.#calls.set(call, { server, rows, onProgress, resolve, reject });
      this.#send({ ...asked, call });
    });
    return { call, rows, done };
  }

  #send(message: ToHana): void {
    if (this.#waiting === null) this.#child.send(message);
    else this.#waiting.push(message);
  }

  #hear(raw: unknown): void {
    const parsed = FromHana.safeParse(raw);
    const problem = parsed.success ? problemOf(parsed.data) : (parsed.error.issues[0]?.message ?? '');
    if (!parsed.success || problem !== null) return this.#mistrust(problem ?? '');
    const message = parsed.data;
    if (message.type === 'ready') return this.#begin();
    const call = this.#calls.get(message.call);
    if (message.type === 'page') return void call?.rows.push(...message.rows.map((cells) => rowOf(message.columns, cells)));
    if (message.type === 'progress') return call?.onProgress(message);
    this.#calls.delete(message.call);
    if (message.type === 'done') call?.resolve(message.count);
    else call?.reject(fromWireError(message.error));
  }

  #begin(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const message of waiting) this.#child.send(message);
  }

  #mistrust(problem: string): void {
    this.#end = problem;
    const error = new AppError('PROTOCOL_MISMATCH', { problem, log: this.#parts.logPath() });
    this.#failAll(() => error);
    this.#child.kill();
  }

  #ended(exit: ChildExit): void {
    this.#break(`the process of the driver ended (${describeExit(exit)})`);
  }

  #break(problem: string): void {
    if (this.#end !== null) return;
    this.#end = problem;
    this.#failAll(({ server }) => lost(server, problem));
  }

  #failAll(errorOf: (call: OpenCall) => AppError): void {
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    for (const call of calls) call.reject(errorOf(call));
  }
}

interface Asking {
  readonly call: number;
  /** They have all come when `done` resolves. */
  readonly rows: readonly Row[];
  readonly done: Promise<number>;
}

interface SessionParts {
  readonly ask: (asked: Asked, onProgress?: OnProgress) => Asking;
  readonly cancel: (call: number) => void;
  readonly onClosed: () => void;
}

/** What it promises: `HanaSession` (main/services/hana/hana-session.ts). */
export class ProcessSession {
  readonly #parts: SessionParts;
  #current = 0;
  #isClosed = false;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  async query(sql: string, params: readonly Cell[] = []): Promise<readonly Row[]> {
    const asking = this.#ask({ type: 'query', sql, params: [...params] });
    await asking.done;
    return asking.rows;
  }

  update(sql: string, params: readonly Cell[] = []): Promise<number> {
    return this.#ask({ type: 'update', sql, params: [...params] }).done;
  }

  async batch(sql: string, rows: readonly (readonly Cell[])[]): Promise<number> {
    let count = 0;
    for (const piece of piecesOf(rows)) count += await this.#ask({ type: 'batch', sql, rows: piece }).done;
    return count;
  }

  /** Into a file, by the process itself; returns how many rows are in it. Throws HANA_*, FILE_FORBIDDEN. */
  fetch(order: FetchOrder, onProgress: OnProgress): Promise<number> {
    return this.#ask({ type: 'fetch', ...order }, onProgress).done;
  }

  async commit(): Promise<void> {
    await this.#ask({ type: 'commit' }).done;
  }

  async rollback(): Promise<void> {
    await this.#ask({ type: 'rollback' }).done;
  }

  /** Cuts the session in the middle of its call, which fails with HANA_LOST. */
  cancel(): void {
    this.#parts.cancel(this.#current);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#ask({ type: 'close' }).done.catch(() => undefined);
    this.#parts.onClosed();
  }

  #ask(asked: Asked, onProgress?: OnProgress): Asking {
    const asking = this.#parts.ask(asked, onProgress);
    this.#current = asking.call;
    return asking;
  }
}

function* piecesOf(rows: readonly (readonly Cell[])[]): Generator<Cell[][]> {
  let piece: Cell[][] = [];
  let bytes = 0;
  for (const row of rows) {
    const size = row.reduce<number>((sum, cell) => sum + (typeof cell === 'string' ? cell.length : 8), 0);
    if (piece.length > 0 && (piece.length >= hanaPage.rows || bytes + size > hanaPage.bytes)) {
      yield piece;
      piece = [];
      bytes = 0;
    }
    piece.push([...row]);
    bytes += size;
  }
  if (piece.length > 0) yield piece;
}

const rowOf = (columns: readonly string[], cells: readonly Cell[]): Row => Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? null]));

const lost = (server: string, problem: string): AppError => new AppError('HANA_LOST', { server, problem });

const problemOf = (message: FromHana): string | null =>
  message.type === 'ready' && message.protocol !== hanaProtocol ? `it speaks version ${message.protocol}, this is version ${hanaProtocol}` : null;
