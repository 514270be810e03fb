/** What answered under an alias, from when to when. Only added to: an entry's end is filled in once, nothing else ever changes. */
import { Serving } from '../../shared/domain/deployment.ts';
import type { Database, Row } from './database.ts';
import { json, parseRow, toJson } from './rows.ts';

export interface ServingFilter {
  readonly target: string | null;
  readonly alias: string | null;
  /** What answered then; null: at any time. */
  readonly at: string | null;
  readonly limit: number;
}

/** Where something answers. */
export type ServingPlace = Pick<Serving, 'target' | 'server' | 'alias'>;

export class ServingRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  add({ target, server, alias, name, version, served_as, share, from, deployment, strategy, actor, reason }: Omit<Serving, 'to'>): void {
    this.#database
      .prepare(
        `INSERT INTO servings (target, server, alias, name, version, served_as, share, since, deployment, strategy, actor, reason)
         VALUES ($target, $server, $alias, $name, $version, $served_as, $share, $from, $deployment, $strategy, $actor, $reason)`,
      )
      .run({ target, server, alias, name, version, served_as, share, from, deployment, strategy, actor: toJson(actor), reason });
  }

  /** What answers there answers no more. */
  end({ target, server, alias }: ServingPlace, at: string): void {
    this.#database
      .prepare('UPDATE servings SET until = $at WHERE target = $target AND server = $server AND alias = $alias AND until IS NULL')
      .run({ target, server, alias, at });
  }

  /** What answers now: of a target, or of an alias of one. */
  open(target: string, alias: string | null = null): readonly Serving[] {
    return this.#database
      .prepare('SELECT * FROM servings WHERE target = $target AND ($alias IS NULL OR alias = $alias) AND until IS NULL ORDER BY server, alias, share DESC')
      .all({ target, alias })
      .map(serving);
  }

  /** What was last known of this model on the target; null: nothing. */
  lastOf(target: string, servedAs: string): Serving | null {
    const row = this.#database
      .prepare('SELECT * FROM servings WHERE target = $target AND served_as = $servedAs ORDER BY entry DESC LIMIT 1')
      .get({ target, servedAs });
    return row === undefined ? null : serving(row);
  }

  /** The newest first. */
  list({ target, alias, at, limit }: ServingFilter): readonly Serving[] {
    return this.#database
      .prepare(
        `SELECT * FROM servings WHERE ($target IS NULL OR target = $target) AND ($alias IS NULL OR alias = $alias)
           AND ($at IS NULL OR (since <= $at AND (until IS NULL OR until > $at)))
         ORDER BY since DESC, entry DESC LIMIT $limit`,
      )
      .all({ target, alias, at, limit })
      .map(serving);
  }
}

const serving = (row: Row): Serving =>
  parseRow(Serving, { ...row, from: row['since'], to: row['until'], actor: json(row['actor']) }, { table: 'servings', id: String(row['entry']) });
