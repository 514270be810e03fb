/** Answers to requests that carried an Idempotency-Key. One that is being worked on has status 0. */
import type { Database } from './database.ts';

export interface AnswerKey {
  readonly caller: string;
  readonly key: string;
}

export interface KeptAnswer {
  /** Hash of what was asked. */
  readonly request: string;
  readonly status: number;
  readonly body: string;
}

export class AnswerRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  find({ caller, key }: AnswerKey): KeptAnswer | null {
    const row = this.#database.prepare('SELECT request, status, body FROM answers WHERE caller = $caller AND key = $key').get({ caller, key });
    return row === undefined ? null : { request: String(row['request']), status: Number(row['status']), body: String(row['body']) };
  }

  reserve({ caller, key }: AnswerKey, request: string, at: string): void {
    this.#database
      .prepare("INSERT INTO answers (caller, key, request, status, body, at) VALUES ($caller, $key, $request, 0, '', $at)")
      .run({ caller, key, request, at });
  }

  keep({ caller, key }: AnswerKey, { status, body }: Pick<KeptAnswer, 'status' | 'body'>): void {
    this.#database.prepare('UPDATE answers SET status = $status, body = $body WHERE caller = $caller AND key = $key').run({ caller, key, status, body });
  }

  forget({ caller, key }: AnswerKey): void {
    this.#database.prepare('DELETE FROM answers WHERE caller = $caller AND key = $key').run({ caller, key });
  }

  forgetBefore(at: string): void {
    this.#database.prepare('DELETE FROM answers WHERE at < $at').run({ at });
  }
}
