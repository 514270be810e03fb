/** Runs and what they reported, as lathe.db keeps them. */
import { z } from 'zod';
import { Run, type RunMetrics, type StepSeries } from '../../shared/contracts/run-calls.ts';
import { Plan, RunLogLine, TrainResult } from '../../shared/contracts/run-events.ts';
import { runStates, type RunState } from '../../shared/domain/run-state.ts';
import { TrainingRequest } from '../../shared/domain/training-config.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Database, Params, Row, SqlValue } from './database.ts';
import { json, parseRow, toJson } from './rows.ts';

/** A run as the scheduler works with it. */
export const StoredRun = Run.omit({ pid: true }).extend({
  queued: z.iso.datetime(),
  request: TrainingRequest,
  plan: Plan.nullable(),
  result: TrainResult.nullable(),
  resume: z.boolean(),
  allow_drift: z.boolean(),
});
export type StoredRun = z.infer<typeof StoredRun>;

export type NewRun = Pick<StoredRun, 'run' | 'name' | 'dir' | 'priority' | 'created' | 'queued' | 'request'>;
/** Where a run stands in the queue. */
export type QueuePlace = Pick<StoredRun, 'run' | 'queued' | 'priority'>;
export type RunUpdate = Partial<
  Pick<
    StoredRun,
    | 'dir'
    | 'state'
    | 'priority'
    | 'queued'
    | 'started'
    | 'ended'
    | 'plan'
    | 'result'
    | 'error'
    | 'steps'
    | 'attempt'
    | 'restarts'
    | 'resume'
    | 'allow_drift'
    | 'request'
  >
>;

const jsonColumns: ReadonlySet<string> = new Set(['request', 'plan', 'result', 'error']);
const column = (key: string, value: unknown): string | number | null => {
  if (jsonColumns.has(key)) return toJson(value);
  return typeof value === 'boolean' ? Number(value) : (value as string | number | null);
};

export class RunRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  insert({ run, name, dir, priority, created, queued, request }: NewRun): void {
    const { model, data } = request.config;
    this.#database
      .prepare(
        `INSERT INTO runs (run, name, directory, state, priority, created, queued, model, data, request)
         VALUES ($run, $name, $dir, 'queued', $priority, $created, $queued, $model, $data, $request)`,
      )
      .run({ run, name, dir, priority, created, queued, model, data: data.path, request: JSON.stringify(request) });
  }

  /** Throws RUN_UNKNOWN. */
  get(run: string): StoredRun {
    const found = this.find(run);
    if (found === null) throw new AppError('RUN_UNKNOWN', { run, place: this.#database.path });
    return found;
  }

  find(run: string): StoredRun | null {
    const row = this.#database.prepare('SELECT * FROM runs WHERE run = $run').get({ run });
    return row === undefined ? null : storedRun(row);
  }

  /** The newest: one that never came so far as to make its folder gives it up to a later one. */
  findByFolder(dir: string): StoredRun | null {
    const row = this.#database.prepare('SELECT * FROM runs WHERE directory = $dir ORDER BY rowid DESC LIMIT 1').get({ dir });
    return row === undefined ? null : storedRun(row);
  }

  ids(): readonly string[] {
    return this.#database
      .prepare('SELECT run FROM runs ORDER BY run')
      .all()
      .map(({ run }) => String(run));
  }

  /** As it stands, understood or not. */
  raw(run: string): Row | undefined {
    return this.#database.prepare('SELECT * FROM runs WHERE run = $run').get({ run });
  }

  /** Where all of them lie. */
  folders(): readonly string[] {
    return this.#database
      .prepare('SELECT directory FROM runs ORDER BY run')
      .all()
      .map((row) => String(row['directory']));
  }

  /** In the order in which they should start. */
  queue(): readonly QueuePlace[] {
    const rows = this.#database.prepare("SELECT run, queued, priority FROM runs WHERE state = 'queued' ORDER BY priority DESC, queued, run").all();
    return rows.map(({ run, queued, priority }) => ({ run: String(run), queued: String(queued), priority: Number(priority) }));
  }

  queuedCount(): number {
    return Number(this.#database.prepare("SELECT count(*) AS count FROM runs WHERE state = 'queued'").get()?.['count'] ?? 0);
  }

  /** When the one that was queued last was queued. */
  lastQueued(): string | null {
    const last = this.#database.prepare("SELECT max(queued) AS last FROM runs WHERE state = 'queued'").get()?.['last'];
    return typeof last === 'string' ? last : null;
  }

  /** Interrupted, and wanted still. */
  cutShort(): readonly StoredRun[] {
    return this.#database.prepare("SELECT * FROM runs WHERE state = 'interrupted' AND resume = 1 ORDER BY run").all().map(storedRun);
  }

  isEmpty(): boolean {
    return this.#database.prepare('SELECT 1 FROM runs LIMIT 1').get() === undefined;
  }

  /** Every state, those of no run too. */
  countByState(): Record<RunState, number> {
    const counts = Object.fromEntries(runStates.map((state) => [state, 0])) as Record<RunState, number>;
    for (const { state, count } of this.#database.prepare('SELECT state, count(*) AS count FROM runs GROUP BY state').all())
      counts[state as RunState] = Number(count);
    return counts;
  }

  active(): readonly StoredRun[] {
    return this.#database.prepare("SELECT * FROM runs WHERE state IN ('running', 'paused', 'stopping') ORDER BY run").all().map(storedRun);
  }

  /** Raises the revision. */
  update(run: string, changes: RunUpdate): StoredRun {
    const keys = Object.keys(changes) as (keyof RunUpdate)[];
    const set = ['revision = revision + 1', ...keys.map((key) => `${key === 'dir' ? 'directory' : key} = $${key}`)].join(', ');
    const values: Params = Object.fromEntries(keys.map((key) => [key, column(key, changes[key])]));
    this.#database.prepare(`UPDATE runs SET ${set} WHERE run = $run`).run({ ...values, run });
    return this.get(run);
  }

  remove(run: string): void {
    this.#database.prepare('DELETE FROM runs WHERE run = $run').run({ run });
  }

  /** Steps of an earlier attempt that this one does again. */
  forgetFrom(run: string, step: number): void {
    for (const table of ['run_steps', 'run_evaluations']) this.#database.prepare(`DELETE FROM ${table} WHERE run = $run AND step >= $step`).run({ run, step });
  }

  /** What a run reported, in order; how far it is comes from the last of them. */
  append(run: string, lines: readonly RunLogLine[]): void {
    for (const line of lines) this.#appendLine(run, line);
    const last = lines.findLast((line) => line.event === 'step');
    const evaluation = lines.findLast((line) => line.event === 'eval');
    this.#database
      .prepare(
        `UPDATE runs SET step = ifnull($step, step), steps = ifnull($steps, steps), loss = ifnull($loss, loss),
           eval_loss = ifnull($evalLoss, eval_loss), revision = revision + 1 WHERE run = $run`,
      )
      .run({ run, step: last?.step ?? null, steps: last?.steps ?? null, loss: last?.loss ?? null, evalLoss: evaluation?.eval_loss ?? null });
  }

  #appendLine(run: string, line: RunLogLine): void {
    if (line.event === 'step') {
      const { step, loss, learning_rate, grad_norm, tokens, tokens_per_second, rss_bytes } = line;
      this.#database
        .prepare(
          `INSERT OR REPLACE INTO run_steps (run, step, loss, learning_rate, grad_norm, tokens, tokens_per_second, rss_bytes)
           VALUES ($run, $step, $loss, $learning_rate, $grad_norm, $tokens, $tokens_per_second, $rss_bytes)`,
        )
        .run({ run, step, loss, learning_rate, grad_norm, tokens, tokens_per_second, rss_bytes });
    } else if (line.event === 'eval') {
      this.#database
        .prepare('INSERT OR REPLACE INTO run_evaluations (run, step, eval_loss, best) VALUES ($run, $step, $loss, $best)')
        .run({ run, step: line.step, loss: line.eval_loss, best: Number(line.best) });
    } else if (line.event !== 'progress' && line.event !== 'prompt' && line.event !== 'text') {
      this.#database.prepare('INSERT INTO run_lines (run, body) VALUES ($run, $body)').run({ run, body: JSON.stringify(line) });
    }
  }

  /** All lines but steps and evaluations, in order. */
  allLines(run: string): readonly RunLogLine[] {
    const rows = this.#database.prepare('SELECT line, body FROM run_lines WHERE run = $run ORDER BY line').all({ run });
    return rows.map(({ line, body }) => parseRow(RunLogLine, json(body), { table: 'run_lines', id: String(line) }));
  }

  metrics(run: string, since: number, limit: number): RunMetrics {
    const steps = this.#database
      .prepare(`SELECT ${seriesKeys.join(', ')} FROM run_steps WHERE run = $run AND step > $since ORDER BY step LIMIT $limit`)
      .values({ run, since, limit: limit + 1 });
    const evaluations = this.#database
      .prepare('SELECT step, eval_loss, best FROM run_evaluations WHERE run = $run AND step > $since ORDER BY step')
      .all({ run, since })
      .map(({ step, eval_loss, best }) => ({ step: Number(step), eval_loss: Number(eval_loss), best: best === 1 }));
    const more = steps.length > limit;
    return { run, steps: series(more ? steps.slice(0, limit) : steps), evaluations, more };
  }

  lines(
    run: string,
    after: number,
    limit: number,
  ): { readonly lines: readonly { readonly line: number; readonly body: RunLogLine }[]; readonly more: boolean } {
    const rows = this.#database
      .prepare('SELECT line, body FROM run_lines WHERE run = $run AND line > $after ORDER BY line LIMIT $limit')
      .all({ run, after, limit: limit + 1 });
    const lines = rows
      .slice(0, limit)
      .map(({ line, body }) => ({ line: Number(line), body: parseRow(RunLogLine, json(body), { table: 'run_lines', id: String(line) }) }));
    return { lines, more: rows.length > limit };
  }
}

const seriesKeys = ['step', 'loss', 'learning_rate', 'grad_norm', 'tokens', 'tokens_per_second', 'rss_bytes'] as const satisfies (keyof StepSeries)[];

/** The table is strict, and its columns are none of them null: numbers need no schema. */
const series = (rows: readonly (readonly SqlValue[])[]): StepSeries =>
  Object.fromEntries(seriesKeys.map((key, i) => [key, rows.map((row) => row[i])])) as StepSeries;

function storedRun(row: Row): StoredRun {
  const { directory, resume, allow_drift, ...rest } = row;
  const raw = {
    ...rest,
    dir: directory,
    resume: resume === 1,
    allow_drift: allow_drift === 1,
    request: json(row['request']),
    plan: json(row['plan']),
    result: json(row['result']),
    error: json(row['error']),
  };
  return parseRow(StoredRun, raw, { table: 'runs', id: String(row['run']) });
}
