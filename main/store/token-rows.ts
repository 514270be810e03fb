/** Access tokens, as lathe.db keeps them: a token itself is nowhere, only its SHA-256. */
import { Token } from '../../shared/contracts/token-calls.ts';
import type { Database, Row } from './database.ts';
import { parseRow } from './rows.ts';

export type NewTokenRow = Pick<Token, 'id' | 'name' | 'role' | 'created' | 'expires'> & { readonly hash: string };

export class TokenRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  insert(row: NewTokenRow): void {
    this.#database.prepare('INSERT INTO tokens (id, name, role, hash, created, expires) VALUES ($id, $name, $role, $hash, $created, $expires)').run({ ...row });
  }

  /** Newest first. */
  list(): readonly Token[] {
    return this.#database.prepare('SELECT * FROM tokens ORDER BY created DESC, id').all().map(token);
  }

  get isEmpty(): boolean {
    return this.#database.prepare('SELECT 1 AS one FROM tokens LIMIT 1').get() === undefined;
  }

  findByHash(hash: string): Token | null {
    const row = this.#database.prepare('SELECT * FROM tokens WHERE hash = $hash').get({ hash });
    return row === undefined ? null : token(row);
  }

  /** By id, else by name. */
  find(reference: string): Token | null {
    const row = this.#database.prepare('SELECT * FROM tokens WHERE id = $reference OR name = $reference ORDER BY id = $reference DESC').get({ reference });
    return row === undefined ? null : token(row);
  }

  revoke(id: string, at: string): void {
    this.#database.prepare('UPDATE tokens SET revoked = $at WHERE id = $id AND revoked IS NULL').run({ id, at });
  }

  use(id: string, at: string): void {
    this.#database.prepare('UPDATE tokens SET last_used = $at WHERE id = $id').run({ id, at });
  }
}

const token = (row: Row): Token => parseRow(Token, row, { table: 'tokens', id: String(row['id']) });
