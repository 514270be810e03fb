/** From a source to the statements that fetch it. */
import type { HanaSource } from '../../../../shared/domain/hana-source.ts';
import type { HanaValue } from '../hana-session.ts';
import { checkedSelect, type Bound } from './checked-select.ts';

export interface SourceQuery {
  readonly sql: string;
  readonly params: readonly HanaValue[];
  /** The same from behind a value of `order_by` on, which is its last parameter; null: it cannot go on. */
  readonly resumeSql: string | null;
  /** A row's field and the column of it; empty: every column, in lower case. */
  readonly fields: readonly (readonly [string, string])[];
}

export interface QueryOptions {
  /** Only what changed after it. */
  readonly since?: HanaValue;
}

/** As HANA folds names that were not quoted. */
const quoted = (name: string): string => `"${name.toUpperCase()}"`;

/** Throws HANA_SELECT_REFUSED. */
export function sourceQuery(source: HanaSource, { since = null }: QueryOptions = {}): SourceQuery {
  const { order_by: order, change_column: change, limit, fields } = source;
  const from = fromOf(source);
  const news = since === null || change === null ? [] : [`${quoted(change)} > ?`];
  const params = [...from.params, ...(news.length === 0 ? [] : [since])];
  const end = `${order === null ? '' : ` ORDER BY ${quoted(order)}`}${limit === null ? '' : ` LIMIT ${String(limit)}`}`;
  const where = (conditions: readonly string[]): string => (conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`);
  const head = `SELECT ${columnsOf(source)} FROM ${from.sql}`;
  return {
    sql: `${head}${where(news)}${end}`,
    params,
    resumeSql: order === null ? null : `${head}${where([...news, `${quoted(order)} > ?`])}${end}`,
    fields: fields === null ? [] : Object.entries(fields).map(([field, column]) => [field, column.toUpperCase()] as const),
  };
}

function fromOf({ table, select, params }: HanaSource): Bound {
  if (select === null) return { sql: (table ?? '').split('.').map(quoted).join('.'), params: [] };
  const { sql, params: values } = checkedSelect(select, params);
  return { sql: `(${sql}) AS LATHE_ROWS`, params: values };
}

/** Those by which it goes on come along, and are left out of the rows. */
function columnsOf({ fields, order_by: order, change_column: change }: HanaSource): string {
  if (fields === null) return '*';
  const wanted = new Set(
    [...Object.values(fields), ...(order === null ? [] : [order]), ...(change === null ? [] : [change])].map((name) => name.toUpperCase()),
  );
  return [...wanted].map(quoted).join(', ');
}
