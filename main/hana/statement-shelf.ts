/** Prepared statements of a session, so that one that comes again costs no round trip more. */

const most = 32;

export class StatementShelf<Statement> {
  readonly #drop: (statement: Statement) => void;
  /** The one that was used last stands last. */
  readonly #kept = new Map<string, Statement>();

  constructor({ drop }: { readonly drop: (statement: Statement) => void }) {
    this.#drop = drop;
  }

  async get(sql: string, prepare: () => Promise<Statement>): Promise<Statement> {
    const kept = this.#kept.get(sql);
    const statement = kept ?? (await prepare());
    this.#kept.delete(sql);
    this.#kept.set(sql, statement);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > most && oldest !== undefined) this.remove(oldest);
    return statement;
  }

  remove(sql: string): void {
    const statement = this.#kept.get(sql);
    if (statement === undefined) return;
    this.#kept.delete(sql);
    this.#drop(statement);
  }

  clear(): void {
    for (const sql of [...this.#kept.keys()]) this.remove(sql);
  }
}
