/** Runs as lists and status answers show them: without what was asked for, planned and reported, which would be most of the reading and all of the parsing. */
import type { z } from 'zod';
import { Run, type Sparkline } from '../../shared/contracts/run-calls.ts';
import type { RunState } from '../../shared/domain/run-state.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Database, Params, Row, SqlValue } from './database.ts';
import { json, parseRow } from './rows.ts';
import { readSparkline } from './run-sparklines.ts';

export const RunView = Run.omit({ pid: true });
export type RunView = z.infer<typeof RunView>;

export interface RunFilter {
  readonly state: readonly RunState[] | null;
  readonly text: string | null;
  readonly limit: number;
  /** `next` of the page before. */
  readonly after: string | null;
}

const columns = Object.keys(RunView.shape)
  .map((key) => (key === 'dir' ? 'directory AS dir' : key))
  .join(', ');

export class RunViews {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** By id, or by folder, where the newest has it. Throws RUN_UNKNOWN. */
  get(reference: string): RunView {
    const row =
      this.#database.prepare(`SELECT ${columns} FROM runs WHERE run = $reference`).get({ reference }) ??
      this.#database.prepare(`SELECT ${columns} FROM runs WHERE directory = $reference ORDER BY rowid DESC LIMIT 1`).get({ reference });
    if (row === undefined) throw new AppError('RUN_UNKNOWN', { run: reference, place: this.#database.path });
    return view(row);
  }

  /** Its loss in few points; null where there is no such run. */
  sparkline(run: string, points: number): Sparkline | null {
    return readSparkline(this.#database, run, points);
  }

  /** The newest first; those of the same moment in the order in which they came. */
  list(filter: RunFilter): { readonly runs: readonly RunView[]; readonly next: string | null } {
    const { sql, params } = runListQuery(filter);
    const rows = this.#database.prepare(sql).all(params);
    const page = rows.slice(0, filter.limit);
    const last = page.at(-1);
    const next = rows.length > filter.limit && last !== undefined ? `${String(last['place'])}-${String(last['created'])}` : null;
    return { runs: page.map(({ place: _, ...row }) => view(row)), next };
  }
}

/** Only what is asked for stands in the statement, so that each kind of question can use its own index. */
export function runListQuery({ state, text, limit, after }: RunFilter): { readonly sql: string; readonly params: Params } {
  const params: Record<string, SqlValue> = { limit: limit + 1 };
  const conditions: string[] = [];
  const ask = (condition: string, values: Params): void => {
    conditions.push(condition);
    Object.assign(params, values);
  };
  if (state !== null) ask('state IN (SELECT value FROM json_each($states))', { states: JSON.stringify(state) });
  if (text !== null) ask("instr(lower(run || ' ' || ifnull(name, '') || ' ' || model || ' ' || data), lower($text)) > 0", { text });
  if (after !== null) {
    const [place = '', ...created] = after.split('-');
    ask('(created, rowid) < ($afterCreated, $afterPlace)', { afterCreated: created.join('-'), afterPlace: Number(place) });
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return { sql: `SELECT ${columns}, rowid AS place FROM runs ${where} ORDER BY created DESC, rowid DESC LIMIT $limit`, params };
}

const view = (row: Row): RunView => parseRow(RunView, { ...row, error: json(row['error']) }, { table: 'runs', id: String(row['run']) });
