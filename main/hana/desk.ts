/** Does what the core asks for: holds the sessions, answers each call once. */
import type { FromHana, HanaRequest, ToHana } from '../../shared/contracts/hana-messages.ts';
import type { HanaDriver } from '../../shared/domain/hana-connection.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { toAppError, toWireError } from '../../shared/errors/wire-error.ts';
import type { Driver, Page } from './driver.ts';
import { Enough, RowFile } from './row-file.ts';
import { openSession, type Session } from './session.ts';

export interface DeskParts {
  readonly say: (message: FromHana) => Promise<void>;
  readonly driverOf: (name: HanaDriver, folders: readonly string[]) => Promise<Driver>;
}

type OfOpen<Type extends HanaRequest['type']> = Extract<HanaRequest, { type: Type }>;

export class Desk {
  readonly #parts: DeskParts;
  readonly #sessions = new Map<number, Session>();
  /** The session of each call that is under way. */
  readonly #calls = new Map<number, number>();

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  async hear(message: ToHana): Promise<void> {
    if (message.type === 'cancel') {
      this.#cancel(message.call);
      return;
    }
    const { call, session } = message;
    this.#calls.set(call, session);
    try {
      const count = await this.#do(message);
      await this.#parts.say({ type: 'done', call, count });
    } catch (thrown) {
      // Without a stack: a driver's may hold what it was given.
      const { code, facts } = toWireError(toAppError(thrown));
      await this.#parts.say({ type: 'failed', call, error: { code, facts } });
    } finally {
      this.#calls.delete(call);
    }
  }

  async #do(message: HanaRequest): Promise<number> {
    if (message.type === 'open') return this.#open(message);
    const session = this.#sessions.get(message.session);
    if (session === undefined) {
      if (message.type === 'close') return 0;
      throw new AppError('HANA_LOST', { server: 'HANA', problem: 'it was never opened, or closed' });
    }
    switch (message.type) {
      case 'query':
        return this.#query(session, message);
      case 'update':
        return session.run((driver) => driver.update(message.sql, message.params));
      case 'batch':
        return session.run((driver) => driver.batch(message.sql, message.rows));
      case 'fetch':
        return this.#fetch(session, message);
      case 'commit':
        return session.run((driver) => driver.commit()).then(() => 0);
      case 'rollback':
        return session.run((driver) => driver.rollback()).then(() => 0);
      case 'close':
        this.#sessions.delete(message.session);
        return session.close().then(() => 0);
    }
  }

  async #open({ session, connection, password, driver_folders: folders }: OfOpen<'open'>): Promise<number> {
    const driver = await this.#parts.driverOf(connection.driver, folders);
    this.#sessions.set(session, await openSession({ driver, connection, password }));
    return 0;
  }

  async #query(session: Session, { call, sql, params }: OfOpen<'query'>): Promise<number> {
    let count = 0;
    await session.run((driver, onSign) =>
      driver.query({
        ...{ sql, params, onSign },
        onPage: ({ columns, rows }) => {
          count += rows.length;
          return this.#parts.say({ type: 'page', call, columns: [...columns], rows: rows.map((row) => [...row]) });
        },
      }),
    );
    return count;
  }

  async #fetch(session: Session, order: OfOpen<'fetch'>): Promise<number> {
    const { call, sql, resume_sql: resumeSql } = order;
    const file = new RowFile(order);
    try {
      await file.open();
      const { last } = file.note;
      const isResumed = resumeSql !== null && last !== null;
      const onPage = async (page: Page): Promise<void> => {
        await file.write(page);
        await this.#parts.say({ type: 'progress', call, rows: file.note.rows, bytes: file.note.bytes });
      };
      const params = isResumed ? [...order.params, last] : order.params;
      await session.run(async (driver, onSign) => {
        await driver.query({ sql: isResumed ? resumeSql : sql, params, onPage, onSign }).catch(untilEnough);
      });
      await file.end();
      return file.note.rows;
    } finally {
      await file.close();
    }
  }

  #cancel(call: number): void {
    const session = this.#calls.get(call);
    if (session !== undefined) this.#sessions.get(session)?.cut('the call was cancelled');
  }
}

const untilEnough = (error: unknown): void => {
  if (!(error instanceof Enough)) throw error;
};
