/** Scores as lathe.db keeps them: one subject on one task. */
import { z } from 'zod';
import type { ScoreFilter } from '../../shared/contracts/benchmark-calls.ts';
import { BenchmarkScore, settingsKey, type ScoreState } from '../../shared/domain/benchmark-run.ts';
import { BenchmarkTask } from '../../shared/domain/benchmark-task.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Database, Params, Row, SqlValue } from './database.ts';
import { json, parseRow, toJson } from './rows.ts';

export const StoredScore = BenchmarkScore.omit({ eta_seconds: true }).extend({
  position: z.int().min(1),
  /** The task as it was when the run was started. */
  declared: BenchmarkTask,
  /** The file with its items. */
  data: z.string(),
});
export type StoredScore = z.infer<typeof StoredScore>;

export type NewScore = Pick<StoredScore, 'run' | 'position' | 'subject' | 'declared' | 'data'>;
export type ScoreUpdate = Partial<Pick<StoredScore, 'state' | 'done' | 'total' | 'started' | 'ended' | 'result' | 'error'>>;
export type ScoreQuery = z.output<typeof ScoreFilter>;

export const scoreName = (run: string, position: number): string => `${run}.${position}`;

const columns = 's.score, s.run, s.position, s.subject, s.task, s.declared, s.data, s.state, s.done, s.total, s.started, s.ended, s.result, s.error';
/** There is no later one of the same files on the same task in the same way. */
const isLatest = `NOT EXISTS (SELECT 1 FROM benchmark_scores n WHERE n.task = s.task AND n.settings_key = s.settings_key AND n.model_sha256 = s.model_sha256
  AND n.adapter_sha256 IS s.adapter_sha256 AND n.state = 'done' AND (n.ended, n.score) > (s.ended, s.score))`;

export class ScoreRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  insert({ run, position, subject, declared, data }: NewScore): void {
    this.#database
      .prepare(
        `INSERT INTO benchmark_scores (score, run, position, label, subject, version_name, version, task, declared, data, state)
         VALUES ($score, $run, $position, $label, $subject, $versionName, $version, $task, $declared, $data, 'waiting')`,
      )
      .run({
        ...{ score: scoreName(run, position), run, position, label: subject.label, subject: JSON.stringify(subject) },
        ...{ versionName: subject.version?.name ?? null, version: subject.version?.version ?? null },
        ...{ task: declared.name, declared: JSON.stringify(declared), data },
      });
  }

  /** Throws SCORE_UNKNOWN. */
  get(score: string): StoredScore {
    const found = this.find(score);
    if (found === null) throw new AppError('SCORE_UNKNOWN', { score });
    return found;
  }

  find(score: string): StoredScore | null {
    const row = this.#database.prepare(`SELECT ${columns} FROM benchmark_scores s WHERE s.score = $score`).get({ score });
    return row === undefined ? null : stored(row);
  }

  /** In their order. */
  ofRun(run: string): readonly StoredScore[] {
    return this.#database.prepare(`SELECT ${columns} FROM benchmark_scores s WHERE s.run = $run ORDER BY s.position`).all({ run }).map(stored);
  }

  /** The next that nobody works on yet. */
  nextWaiting(run: string): StoredScore | null {
    const sql = `SELECT ${columns} FROM benchmark_scores s WHERE s.run = $run AND s.state = 'waiting' ORDER BY s.position LIMIT 1`;
    const row = this.#database.prepare(sql).get({ run });
    return row === undefined ? null : stored(row);
  }

  /**
   * What a score is held against: the newest earlier one of the same name on the same task in the same way that was no drop itself. One of a schedule's goes
   * before others, which nobody judged.
   */
  lastGood({ score, run, subject, task, result, ended }: StoredScore): StoredScore | null {
    const sql = `SELECT ${columns} FROM benchmark_scores s JOIN benchmark_runs r ON r.run = s.run
      WHERE s.task = $task AND s.settings_key = $settings AND s.label = $label AND s.state = 'done' AND s.run <> $run AND (s.ended, s.score) < ($ended, $score)
        AND NOT EXISTS (SELECT 1 FROM json_each(r.drops) d WHERE json_extract(d.value, '$.score') = s.score)
      ORDER BY r.schedule IS NOT NULL DESC, s.ended DESC, s.score DESC LIMIT 1`;
    if (result === null || ended === null) return null;
    const row = this.#database.prepare(sql).get({ score, run, task, label: subject.label, settings: settingsKey(result), ended });
    return row === undefined ? null : stored(row);
  }

  countByState(run: string): Readonly<Partial<Record<ScoreState, number>>> {
    const rows = this.#database.prepare('SELECT state, count(*) AS count FROM benchmark_scores WHERE run = $run GROUP BY state').all({ run });
    return Object.fromEntries(rows.map(({ state, count }) => [String(state), Number(count)]));
  }

  update(score: string, changes: ScoreUpdate): StoredScore {
    const keys = Object.keys(changes) as (keyof ScoreUpdate)[];
    const values: Record<string, SqlValue> = Object.fromEntries(
      keys.map((key) => [key, key === 'result' || key === 'error' ? toJson(changes[key]) : (changes[key] ?? null)]),
    );
    const { result } = changes;
    if (result !== undefined) Object.assign(values, keysOf(result));
    const set = Object.keys(values).map((key) => `${key} = $${key}`);
    if (set.length > 0) this.#database.prepare(`UPDATE benchmark_scores SET ${set.join(', ')} WHERE score = $score`).run({ ...values, score });
    return this.get(score);
  }

  /** Those of a model as it is, without an adapter, on a task; the newest first. */
  ofModel(task: string, sha256: string, limit: number): readonly StoredScore[] {
    const sql = `SELECT ${columns} FROM benchmark_scores s WHERE s.task = $task AND s.model_sha256 = $sha256 AND s.adapter_sha256 IS NULL AND s.state = 'done'
      ORDER BY s.ended DESC, s.score DESC LIMIT $limit`;
    return this.#database.prepare(sql).all({ task, sha256, limit }).map(stored);
  }

  /** Those that were made, the newest first. */
  list(filter: ScoreQuery): { readonly scores: readonly StoredScore[]; readonly next: string | null } {
    const { sql, params } = scoreListQuery(filter);
    const rows = this.#database.prepare(sql).all(params);
    const scores = rows.slice(0, filter.limit).map(stored);
    const last = scores.at(-1);
    return { scores, next: rows.length > filter.limit && last !== undefined ? `${last.score} ${last.ended ?? ''}` : null };
  }
}

/** What says whether two scores are of the same files in the same way. */
const keysOf = (result: StoredScore['result']): Params => ({
  model_sha256: result?.model_sha256 ?? null,
  adapter_sha256: result?.adapter_sha256 ?? null,
  settings_key: result === null ? null : settingsKey(result),
});

/** Only what is asked for stands in the statement, so that each kind of question can use its own index. */
export function scoreListQuery({ task, subject, version, latest, limit, after }: ScoreQuery): { readonly sql: string; readonly params: Params } {
  const params: Record<string, SqlValue> = { limit: limit + 1 };
  const conditions = ["s.state = 'done'"];
  const ask = (condition: string, values: Params = {}): void => {
    conditions.push(condition);
    Object.assign(params, values);
  };
  if (task !== null) ask('s.task = $task', { task });
  if (subject !== null) ask('s.label = $subject', { subject });
  if (version !== null) ask('s.version_name = $name', { name: version.name });
  if (version !== null && version.version !== null) ask('s.version = $version', { version: version.version });
  if (latest) ask(isLatest);
  if (after !== null) {
    const [score = '', ended = ''] = after.split(' ');
    ask('(s.ended, s.score) < ($afterEnded, $afterScore)', { afterEnded: ended, afterScore: score });
  }
  return { sql: `SELECT ${columns} FROM benchmark_scores s WHERE ${conditions.join(' AND ')} ORDER BY s.ended DESC, s.score DESC LIMIT $limit`, params };
}

function stored(row: Row): StoredScore {
  const parsed = { subject: json(row['subject']), declared: json(row['declared']), result: json(row['result']), error: json(row['error']) };
  return parseRow(StoredScore, { ...row, ...parsed }, { table: 'benchmark_scores', id: String(row['score']) });
}
