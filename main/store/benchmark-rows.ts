/** Benchmark runs as lathe.db keeps them. Their scores: score-rows.ts. */
import { z } from 'zod';
import { BenchmarkRun } from '../../shared/contracts/benchmark-calls.ts';
import { BenchmarkRequest, type BenchmarkState } from '../../shared/domain/benchmark-run.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Database, Params, Row, SqlValue } from './database.ts';
import { json, parseRow, toJson } from './rows.ts';

/** As a list shows it; how long it will take is not the store's to know. */
export const BenchmarkView = BenchmarkRun.omit({ eta_seconds: true });
export type BenchmarkView = z.infer<typeof BenchmarkView>;

export const StoredBenchmark = BenchmarkView.omit({ subjects: true, tasks: true, done: true, total: true }).extend({
  queued: z.iso.datetime(),
  request: BenchmarkRequest,
});
export type StoredBenchmark = z.infer<typeof StoredBenchmark>;

export type NewBenchmark = Pick<StoredBenchmark, 'run' | 'dir' | 'created' | 'queued' | 'request' | 'schedule'>;
export type BenchmarkUpdate = Partial<Pick<StoredBenchmark, 'state' | 'queued' | 'started' | 'ended' | 'drops' | 'error'>>;

export interface BenchmarkFilter {
  readonly state: readonly BenchmarkState[] | null;
  readonly schedule: string | null;
  readonly limit: number;
  /** `next` of the page before. */
  readonly after: string | null;
}

const scoresOf = 'FROM benchmark_scores s WHERE s.run = b.run';
const names = (column: string): string =>
  `(SELECT json_group_array(name) FROM (SELECT s.${column} AS name ${scoresOf} GROUP BY s.${column} ORDER BY min(s.position)))`;
const viewColumns = `b.run, b.dir, b.state, b.created, b.started, b.ended, b.schedule, b.slot, b.drops, b.error, b.revision,
  ${names('label')} AS subjects, ${names('task')} AS tasks,
  (SELECT count(*) ${scoresOf} AND s.state = 'done') AS done, (SELECT count(*) ${scoresOf}) AS total`;

export class BenchmarkRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  insert({ run, dir, created, queued, request, schedule }: NewBenchmark): void {
    this.#database
      .prepare(
        `INSERT INTO benchmark_runs (run, dir, state, request, created, queued, schedule, slot)
         VALUES ($run, $dir, 'queued', $request, $created, $queued, $schedule, $slot)`,
      )
      .run({ run, dir, created, queued, request: JSON.stringify(request), schedule: schedule?.name ?? null, slot: schedule?.slot ?? null });
  }

  /** Throws BENCHMARK_RUN_UNKNOWN. */
  get(run: string): StoredBenchmark {
    const found = this.find(run);
    if (found === null) throw new AppError('BENCHMARK_RUN_UNKNOWN', { run });
    return found;
  }

  find(run: string): StoredBenchmark | null {
    const row = this.#database.prepare('SELECT * FROM benchmark_runs WHERE run = $run').get({ run });
    return row === undefined ? null : stored(row);
  }

  /** Throws BENCHMARK_RUN_UNKNOWN. */
  view(run: string): BenchmarkView {
    const row = this.#database.prepare(`SELECT ${viewColumns} FROM benchmark_runs b WHERE b.run = $run`).get({ run });
    if (row === undefined) throw new AppError('BENCHMARK_RUN_UNKNOWN', { run });
    return view(row);
  }

  /** As it stands, understood or not. */
  raw(run: string): Row | undefined {
    return this.#database.prepare('SELECT * FROM benchmark_runs WHERE run = $run').get({ run });
  }

  has(run: string): boolean {
    return this.#database.prepare('SELECT 1 FROM benchmark_runs WHERE run = $run').get({ run }) !== undefined;
  }

  isEmpty(): boolean {
    return this.#database.prepare('SELECT 1 FROM benchmark_runs LIMIT 1').get() === undefined;
  }

  ids(): readonly string[] {
    return this.#database.prepare('SELECT run FROM benchmark_runs ORDER BY run').all().map(idOf);
  }

  /** Those that have scores to make, in the order in which they should. */
  queue(): readonly StoredBenchmark[] {
    return this.#database.prepare("SELECT * FROM benchmark_runs WHERE state IN ('queued', 'running') ORDER BY queued, run").all().map(stored);
  }

  lastQueued(): string | null {
    const last = this.#database.prepare("SELECT max(queued) AS last FROM benchmark_runs WHERE state IN ('queued', 'running')").get()?.['last'];
    return typeof last === 'string' ? last : null;
  }

  inState(state: BenchmarkState): readonly StoredBenchmark[] {
    return this.#database.prepare('SELECT * FROM benchmark_runs WHERE state = $state ORDER BY run').all({ state }).map(stored);
  }

  /** How many are in one of these states. */
  count(states: readonly BenchmarkState[]): number {
    const sql = 'SELECT count(*) AS count FROM benchmark_runs WHERE state IN (SELECT value FROM json_each($states))';
    return Number(this.#database.prepare(sql).get({ states: JSON.stringify(states) })?.['count'] ?? 0);
  }

  /** Their folders lie in this one; a restored home may be another. */
  placeIn(folder: string): void {
    // Before the runs: what they say now tells which part of a path is their folder.
    this.#database
      .prepare(
        `UPDATE benchmark_scores SET result = json_set(result, '$.records', $folder || b.run || substr(result ->> '$.records', length(b.dir) + 1))
         FROM benchmark_runs b WHERE b.run = benchmark_scores.run AND b.dir <> $folder || b.run AND substr(result ->> '$.records', 1, length(b.dir)) = b.dir`,
      )
      .run({ folder });
    this.#database.prepare('UPDATE benchmark_runs SET dir = $folder || run WHERE dir <> $folder || run').run({ folder });
  }

  /** Raises the revision. */
  update(run: string, changes: BenchmarkUpdate): void {
    const keys = Object.keys(changes) as (keyof BenchmarkUpdate)[];
    const set = ['revision = revision + 1', ...keys.map((key) => `${key} = $${key}`)].join(', ');
    const values: Params = Object.fromEntries(keys.map((key) => [key, key === 'drops' || key === 'error' ? toJson(changes[key]) : (changes[key] ?? null)]));
    this.#database.prepare(`UPDATE benchmark_runs SET ${set} WHERE run = $run`).run({ ...values, run });
  }

  /** With its scores. */
  remove(run: string): void {
    this.#database.prepare('DELETE FROM benchmark_runs WHERE run = $run').run({ run });
  }

  /** The newest first. `next` asks for the page after this one. */
  list({ state, schedule, limit, after }: BenchmarkFilter): { readonly runs: readonly BenchmarkView[]; readonly next: string | null } {
    const params: Record<string, SqlValue> = { limit: limit + 1 };
    const conditions: string[] = [];
    const ask = (condition: string, values: Params): void => {
      conditions.push(condition);
      Object.assign(params, values);
    };
    if (state !== null) ask('b.state IN (SELECT value FROM json_each($states))', { states: JSON.stringify(state) });
    if (schedule !== null) ask('b.schedule = $schedule', { schedule });
    if (after !== null) {
      const [place = '', ...created] = after.split('-');
      ask('(b.created, b.rowid) < ($afterCreated, $afterPlace)', { afterCreated: created.join('-'), afterPlace: Number(place) });
    }
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    const sql = `SELECT ${viewColumns}, b.rowid AS place FROM benchmark_runs b ${where} ORDER BY b.created DESC, b.rowid DESC LIMIT $limit`;
    const rows = this.#database.prepare(sql).all(params);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      runs: page.map(({ place: _, ...row }) => view(row)),
      next: rows.length > limit && last !== undefined ? `${String(last['place'])}-${String(last['created'])}` : null,
    };
  }
}

const idOf = ({ run }: Row): string => String(run);

const common = (row: Row): Record<string, unknown> => {
  const { slot, schedule, ...rest } = row;
  return { ...rest, schedule: schedule === null ? null : { name: schedule, slot }, drops: json(row['drops']), error: json(row['error']) };
};

const stored = (row: Row): StoredBenchmark =>
  parseRow(StoredBenchmark, { ...common(row), request: json(row['request']) }, { table: 'benchmark_runs', id: idOf(row) });

const view = (row: Row): BenchmarkView =>
  parseRow(BenchmarkView, { ...common(row), subjects: json(row['subjects']), tasks: json(row['tasks']) }, { table: 'benchmark_runs', id: idOf(row) });
