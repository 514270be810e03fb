/** A session over either driver: one call at a time, with patience, and lost for good once it is lost. */
import { readFileSync } from 'node:fs';
import type { HanaConnection } from '../../shared/domain/hana-connection.ts';
import { endsHanaSession } from '../../shared/domain/hana-failure.ts';
import { AppError, isAppError } from '../../shared/errors/app-error.ts';
import { diagnose, type Unclear } from './diagnose.ts';
import { failureOf, isServerAnswer, serverOf } from './driver-failure.ts';
import type { Driver, DriverSession } from './driver.ts';

export interface OpenSession {
  readonly driver: Driver;
  readonly connection: HanaConnection;
  readonly password: string;
}

const slowMs = 1_500;

/** Throws HANA_*. Logs on exactly once. */
export async function openSession({ driver, connection, password }: OpenSession): Promise<Session> {
  const ca = readCa(connection.ca_file);
  const clock = new AbortController();
  const timer = setTimeout(() => clock.abort(), connection.connect_timeout_seconds * 1_000);
  const late = new Promise<never>((_, reject) => clock.signal.addEventListener('abort', () => reject(new Error('too late')), { once: true }));
  const wrong = foundWrong({ connection, ca });
  const opening = driver.open({ connection, password, ca, signal: clock.signal });
  opening.catch(() => undefined);
  try {
    const session = new Session(await Promise.race([opening, late, wrong.found]), connection);
    if (connection.schema !== null) await session.run((driverSession) => driverSession.update(`SET SCHEMA "${folded(connection.schema ?? '')}"`, []));
    return session;
  } catch (thrown) {
    // One that comes after all is not left open.
    opening.then((session) => session.cut()).catch(() => undefined);
    if (isServerAnswer(thrown) || thrown instanceof AppError) throw failureOf(thrown, { connection });
    throw await diagnose({ connection, ca, text: thrown instanceof Error ? thrown.message : '', isTooLate: clock.signal.aborted });
  } finally {
    clearTimeout(timer);
    wrong.stop();
  }
}

/** HANA's way with names that were not quoted. */
const folded = (name: string): string => name.toUpperCase();

/** A driver may wait for an answer in a language that is not its own until its time is up: who is slow is looked at meanwhile. */
function foundWrong(way: Pick<Unclear, 'connection' | 'ca'>): { readonly found: Promise<never>; readonly stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const found = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      void diagnose({ ...way, text: '', isTooLate: true }).then((failure) => {
        if (isAppError(failure, 'HANA_TLS_EXPECTED') || isAppError(failure, 'HANA_NOT_HANA')) reject(failure);
      });
    }, slowMs);
  });
  found.catch(() => undefined);
  return { found, stop: () => clearTimeout(timer) };
}

function readCa(path: string | null): string | null {
  if (path === null) return null;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new AppError('HANA_CA_FILE', { path, problem: (error as NodeJS.ErrnoException).code ?? 'it cannot be read' });
  }
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new AppError('HANA_CA_FILE', { path, problem: 'there is no certificate in PEM form in it' });
  return text;
}

export class Session {
  readonly #driver: DriverSession;
  readonly #connection: HanaConnection;
  readonly #lostNow: Promise<never>;
  #lose: (failure: AppError) => void = () => undefined;
  #lost: AppError | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(driver: DriverSession, connection: HanaConnection) {
    this.#driver = driver;
    this.#connection = connection;
    this.#lostNow = new Promise<never>((_, reject) => (this.#lose = reject));
    this.#lostNow.catch(() => undefined);
    // An answer that told the same is heard first.
    driver.onGone(() => setImmediate(() => this.#end(this.#gone('HANA or the network between closed it'))));
  }

  /** Throws HANA_*; HANA_LOST without trying where the session is lost. Calls are done one after another. */
  run<Result>(act: (session: DriverSession, onSign: () => void) => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(() => this.#attempt(act));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Cuts the line; a call that is under way fails with HANA_LOST. */
  cut(problem: string): void {
    this.#end(this.#gone(problem));
  }

  /** Never throws. */
  async close(): Promise<void> {
    if (this.#lost === null) await this.run((session) => session.close()).catch(() => undefined);
    this.cut('it was closed');
  }

  async #attempt<Result>(act: (session: DriverSession, onSign: () => void) => Promise<Result>): Promise<Result> {
    if (this.#lost !== null) throw this.#gone('it was lost before');
    const seconds = this.#connection.answer_timeout_seconds;
    const patience = setTimeout(() => this.#end(new AppError('HANA_SLOW', { server: serverOf(this.#connection), seconds })), seconds * 1_000);
    try {
      return await Promise.race([act(this.#driver, () => patience.refresh()), this.#lostNow]);
    } catch (thrown) {
      const failure = failureOf(thrown, { connection: this.#connection });
      if (endsHanaSession(failure)) this.#end(failure);
      throw failure;
    } finally {
      clearTimeout(patience);
    }
  }

  #end(failure: AppError): void {
    if (this.#lost !== null) return;
    this.#lost = failure;
    this.#lose(failure);
    this.#driver.cut();
  }

  #gone(problem: string): AppError {
    return new AppError('HANA_LOST', { server: serverOf(this.#connection), problem });
  }
}
