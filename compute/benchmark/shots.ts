/** Solved items to stand before each prompt, drawn as the reference harness draws them: by Python's generator, item after item. */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { JobOf } from '../../shared/contracts/compute-jobs.ts';
import type { BenchmarkTask } from '../../shared/domain/benchmark-task.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { readRows } from '../data/readers/read-rows.ts';
import type { RawRow } from '../data/readers/row.ts';
import { ItemReader, type BenchmarkItem } from './item-reader.ts';
import { PythonRandom } from './python-random.ts';

/** The harness's own. */
const SEED = 1234;

const endings = ['.jsonl', '.parquet', '.json', '.csv'] as const;

/** Of one item. */
export type Shots = readonly BenchmarkItem[];

export interface ShotSource {
  readonly path: string;
  /** false: the scored items themselves, since `instead`. */
  readonly isOwn: boolean;
  readonly instead: string;
  /** Those of each item. Throws BENCHMARK_SHOTS_FEW and what reading items throws. */
  draw(items: readonly BenchmarkItem[]): Promise<Shots[]>;
}

/** null: none were asked for. */
export function findShots({ task, data, numFewshot: count }: Pick<JobOf<'benchmark'>, 'task' | 'data' | 'numFewshot'>): ShotSource | null {
  if (count === 0) return null;
  const { shots } = task.data;
  const own = shots === undefined ? undefined : endings.map((ending) => join(dirname(data), shots.file + ending)).find((path) => existsSync(path));
  const path = own ?? data;
  const instead = shots === undefined ? `${task.name} names no file of others` : `${shots.file}.jsonl is not beside ${basename(data)}`;
  const isOneMore = own === undefined || shots?.one_more === true;
  return {
    path,
    isOwn: own !== undefined,
    instead,
    draw: async (items) => new ShotDrawer(task, { path, rows: await allRows(path), isOneMore }).draw(items, count),
  };
}

async function allRows(path: string): Promise<RawRow[]> {
  const rows: RawRow[] = [];
  for await (const row of readRows(path)) rows.push(row);
  return rows;
}

interface Pool {
  readonly path: string;
  readonly rows: readonly RawRow[];
  readonly isOneMore: boolean;
}

class ShotDrawer {
  readonly #pool: Pool;
  readonly #reader: ItemReader;
  readonly #random = new PythonRandom(SEED);

  constructor(task: BenchmarkTask, pool: Pool) {
    this.#pool = pool;
    this.#reader = new ItemReader(task, pool.path);
  }

  draw(items: readonly BenchmarkItem[], count: number): Shots[] {
    return items.map((item) => this.#rowsFor(item, count).map(({ line, value }) => this.#reader.read(line - 1, line, value)));
  }

  #rowsFor({ row }: BenchmarkItem, count: number): RawRow[] {
    const { rows, isOneMore } = this.#pool;
    if (!isOneMore) return this.#sample(rows, count);
    const isOther = ({ value }: RawRow): boolean => !isDeepStrictEqual(value, row);
    const drawn = this.#sample(rows, count + 1)
      .filter(isOther)
      .slice(0, count);
    // Where a row is there more than once, the draw may hold too many of them.
    return drawn.length === count ? drawn : this.#sample(rows.filter(isOther), count);
  }

  #sample(rows: readonly RawRow[], count: number): RawRow[] {
    if (rows.length < count) throw new AppError('BENCHMARK_SHOTS_FEW', { path: this.#pool.path, rows: rows.length, needed: count });
    return this.#random.sample(rows.length, count).flatMap((i) => rows[i] ?? []);
  }
}
