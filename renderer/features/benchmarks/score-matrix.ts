/** Scores as a matrix: tasks in columns, subjects in rows, each under the base that it was made from. */
import type { BenchmarkResult } from '../../../shared/domain/benchmark-record.ts';
import { settingsKey, type BenchmarkScore } from '../../../shared/domain/benchmark-run.ts';
import type { ScoreSettings } from './score-words.ts';

export type DoneScore = BenchmarkScore & { readonly result: BenchmarkResult };
export const isDone = (score: BenchmarkScore): score is DoneScore => score.state === 'done' && score.result !== null;

export interface SettingsGroup {
  readonly key: string;
  readonly settings: ScoreSettings;
  readonly scores: readonly DoneScore[];
}

/** The one with the newest score first; `scores` are newest first. */
export function bySettings(scores: readonly DoneScore[]): readonly SettingsGroup[] {
  const groups = Map.groupBy(scores, ({ result }) => settingsKey(result));
  return [...groups].map(([key, group]) => ({ key, settings: settingsOf(group), scores: group }));
}

function settingsOf([first]: readonly DoneScore[]): ScoreSettings {
  const { num_fewshot = 0, chat_template = false, limit = null } = first?.result ?? {};
  return { num_fewshot, chat_template, limit };
}

export interface MatrixRow {
  readonly key: string;
  readonly label: string;
  /** Key of the row that it is set against; null: there is none. */
  readonly base: string | null;
  /** By task: the newest score of it. */
  readonly cells: ReadonlyMap<string, DoneScore>;
}

export interface ScoreMatrix {
  readonly tasks: readonly string[];
  /** A base, then what was made from it. */
  readonly rows: readonly MatrixRow[];
}

/** Hash of the model that a whole-model version was made from, by `name@version`; adapters carry their base with them. */
export type BaseHashes = ReadonlyMap<string, string>;

/** `scores` are newest first, and all of the same settings. */
export function scoreMatrix(scores: readonly DoneScore[], bases: BaseHashes): ScoreMatrix {
  const tasks = [...new Set(scores.map(({ task }) => task))].sort(natural);
  const bySubject = Map.groupBy(scores, ({ result }) => subjectKey(result.model_sha256, result.adapter_sha256));
  const rows = [...bySubject].map(([key, group]) => rowOf(key, group, { bases, known: bySubject }));
  return { tasks, rows: inFamilies(rows) };
}

const subjectKey = (model: string, adapter: string | null): string => `${model}+${adapter ?? ''}`;

interface Origins {
  readonly bases: BaseHashes;
  readonly known: ReadonlyMap<string, unknown>;
}

function rowOf(key: string, group: readonly DoneScore[], { bases, known }: Origins): MatrixRow {
  const newest = group[0];
  const label = newest?.subject.label ?? key;
  const hash = newest?.result.adapter_sha256 === null ? bases.get(label) : newest?.result.model_sha256;
  const base = hash === undefined ? null : subjectKey(hash, null);
  const cells = new Map(group.toReversed().map((score) => [score.task, score]));
  return { key, label, base: base !== null && base !== key && known.has(base) ? base : null, cells };
}

function inFamilies(rows: readonly MatrixRow[]): readonly MatrixRow[] {
  const sorted = rows.toSorted((one, other) => natural(one.label, other.label));
  const of = (base: MatrixRow): readonly MatrixRow[] => [base, ...sorted.filter((row) => row.base === base.key).flatMap(of)];
  return sorted.filter((row) => row.base === null).flatMap(of);
}

const natural = (one: string, other: string): number => one.localeCompare(other, undefined, { numeric: true });

/** Whether two scores are of the same items, put the same way. */
export const areComparable = (one: DoneScore, other: DoneScore): boolean =>
  one.result.task_sha256 === other.result.task_sha256 &&
  one.result.data_sha256 === other.result.data_sha256 &&
  settingsKey(one.result) === settingsKey(other.result);

/** What is to be compared: one score against others of the same items. */
export interface AgainstBase {
  readonly base: string;
  readonly others: readonly string[];
}

/** Every score that has one of its base beside it. */
export function againstBases({ rows, tasks }: ScoreMatrix): readonly AgainstBase[] {
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const pairs = tasks.flatMap((task) =>
    rows.flatMap(({ base: key, cells }) => {
      const [base, other] = [key === null ? undefined : byKey.get(key)?.cells.get(task), cells.get(task)];
      return base !== undefined && other !== undefined && areComparable(base, other) ? [{ base: base.score, other: other.score }] : [];
    }),
  );
  return [...Map.groupBy(pairs, ({ base }) => base)].map(([base, group]) => ({ base, others: group.map(({ other }) => other) }));
}

/** The newest score of what a scored subject was made from, on the same items; `all` are newest first. */
export function baseScore(score: DoneScore, all: readonly DoneScore[], bases: BaseHashes): DoneScore | null {
  const hash = score.result.adapter_sha256 === null ? bases.get(score.subject.label) : score.result.model_sha256;
  const isBase = (other: DoneScore): boolean =>
    other.result.model_sha256 === hash && other.result.adapter_sha256 === null && other.score !== score.score && other.task === score.task;
  return all.find((other) => isBase(other) && areComparable(score, other)) ?? null;
}
