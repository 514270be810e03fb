/** What benchmarks say of a version: the newest score of each task and setting, for its card, its comparison and its graph of origins. */
import type { BenchmarkMetric } from '../../../shared/domain/benchmark-record.ts';
import { settingsKey } from '../../../shared/domain/benchmark-run.ts';
import { formatCount, formatNumber } from '../../../shared/text/format.ts';
import type { StoredScore } from '../../store/score-rows.ts';
import type { Store } from '../../store/store.ts';

const mostScores = 1_000;

export interface VersionScore {
  readonly score: string;
  /** The task, and in which way where that is not the usual one: `arc_easy (5-shot)`. */
  readonly benchmark: string;
  readonly result: NonNullable<StoredScore['result']>;
}

/** By the name of the benchmark. */
export function scoresOfVersion(store: Store, { name, version }: { readonly name: string; readonly version: string }): readonly VersionScore[] {
  const filter = { task: null, subject: null, version: { name, version }, latest: true, limit: mostScores, after: null };
  return store.scores
    .list(filter)
    .scores.flatMap(({ score, task, result }) => (result === null ? [] : [{ score, benchmark: named(task, settingsKey(result)), result }]))
    .toSorted((one, two) => (one.benchmark < two.benchmark ? -1 : 1));
}

const named = (task: string, key: string): string => (key === '0-shot' ? task : `${task} (${key})`);

const value = ({ value: mean, stderr }: BenchmarkMetric): string => (stderr === null ? formatNumber(mean) : `${formatNumber(mean)} ± ${formatNumber(stderr)}`);

/** A section of Markdown; empty where nothing was scored. */
export function scoresSection(scores: readonly VersionScore[]): string {
  if (scores.length === 0) return '';
  const rows = scores.flatMap(({ benchmark, result }) =>
    result.metrics.map((metric) => `| ${benchmark} | ${metric.name} | ${value(metric)} | ${formatCount(result.items)} |`),
  );
  const table = ['| benchmark | metric | score | items |', '|---|---|---|---|', ...rows].join('\n');
  return `\n## Benchmarks\n\n${table}\n\n± is one standard error. Scored with Lathe as EleutherAI's lm-evaluation-harness does.\n`;
}

/** For a comparison field by field. Other items, or another declaration of the task, show as a difference of their own. */
export const scoreFields = (scores: readonly VersionScore[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    scores.map(({ benchmark, result }) => {
      const figures = result.metrics.flatMap(({ name, value: mean, stderr }) => [[name, mean] as const, [`${name}_stderr`, stderr] as const]);
      return [benchmark, { ...Object.fromEntries(figures), items: result.items, data_sha256: result.data_sha256, task_sha256: result.task_sha256 }];
    }),
  );
