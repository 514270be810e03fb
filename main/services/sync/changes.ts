/** What changed in HANA, in the order of change numbers: ids and hashes only, so that a row that is here already is not read again. */
import type { HanaRow, HanaSession } from '../hana/hana-session.ts';
import { sharedEntities } from './shared-entity.ts';

export interface Change {
  readonly entity: string;
  readonly id: string;
  readonly seq: number;
  readonly rev: number;
  readonly hash: string;
}

export interface Page {
  readonly changes: readonly Change[];
  /** Everything up to here is in this page or one before it. */
  readonly upTo: number;
  readonly isLast: boolean;
}

export const pageSize = 500;

const of = (where: string): string =>
  Object.entries(sharedEntities)
    .map(([name, { table }]) => `SELECT '${name}' AS ENTITY, ID, SEQ, REV, HASH FROM ${table} WHERE SEQ ${where}`)
    .join(' UNION ALL ');
const after = `SELECT ENTITY, ID, SEQ, REV, HASH FROM (${of('> ?')}) AS CHANGES ORDER BY SEQ, ENTITY, ID LIMIT ${pageSize}`;
const within = `SELECT ENTITY, ID, SEQ, REV, HASH FROM (${of('= ?')}) AS CHANGES ORDER BY ENTITY, ID`;
const count = Object.keys(sharedEntities).length;
const each = (seq: number): number[] => Array<number>(count).fill(seq);

/** `high`: a change number that was committed before. A page never ends inside a change number. */
export async function readPage(session: HanaSession, cursor: number, high: number): Promise<Page> {
  const changes = (await session.query(after, each(cursor))).map(change);
  const last = changes.at(-1)?.seq ?? cursor;
  if (changes.length < pageSize) return { changes, upTo: Math.max(high, last), isLast: true };
  const whole = changes.filter(({ seq }) => seq < last);
  if (whole.length > 0) return { changes: whole, upTo: last - 1, isLast: false };
  return { changes: (await session.query(within, each(last))).map(change), upTo: last, isLast: false };
}

const change = (row: HanaRow): Change => ({
  entity: String(row['ENTITY']).trim(),
  id: String(row['ID']),
  seq: Number(row['SEQ']),
  rev: Number(row['REV']),
  hash: String(row['HASH']),
});

/** An operation with this change number; null: none is known any more. */
export async function landmarkAt(session: HanaSession, seq: number): Promise<string | null> {
  const [row] = await session.query('SELECT OP_ID FROM LATHE_SYNC_OPS WHERE SEQ = ? ORDER BY OP_ID LIMIT 1', [seq]);
  return row === undefined ? null : String(row['OP_ID']);
}
