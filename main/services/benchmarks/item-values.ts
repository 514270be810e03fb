/** Reads what comparisons need out of a file of records, as a stream: the first line says whose they are, then one line an item. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { BenchmarkIdentity, type BenchmarkMetric, type BenchmarkRecord } from '../../../shared/domain/benchmark-record.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { fileFailure } from '../../platform/file-failure.ts';

export type MetricName = BenchmarkMetric['name'];
type Column = 'acc' | 'acc_norm' | 'exact_match' | 'log_prob' | 'words' | 'bytes';

/** By position in the data; a task's records have the columns of their kind. */
export interface ItemValues {
  readonly identity: BenchmarkIdentity;
  readonly columns: ReadonlyMap<Column, readonly number[]>;
}

/** The part of a record that figures are made of. */
const Figures = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('choice'), index: z.int(), correct: z.object({ acc: z.number(), acc_norm: z.number() }) }),
  z.object({ kind: z.literal('written'), index: z.int(), correct: z.object({ exact_match: z.number() }) }),
  z.object({ kind: z.literal('text'), index: z.int(), log_prob: z.number(), words: z.number(), bytes: z.number() }),
]);

/** Lines and their numbers, from 1. Throws FILE_MISSING, FILE_FORBIDDEN. */
export async function* readRecordLines(path: string): AsyncGenerator<readonly [number, string]> {
  let number = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) yield [(number += 1), line];
  } catch (error) {
    throw fileFailure(error, { what: 'Records', path, action: 'read' });
  }
}

/** Throws BENCHMARK_RECORDS_INVALID and what reading throws. */
export async function readItemValues(path: string): Promise<ItemValues> {
  const columns = new Map<Column, number[]>();
  let identity: BenchmarkIdentity | null = null;
  let items = 0;
  for await (const [number, line] of readRecordLines(path)) {
    if (identity === null) identity = parseLine(BenchmarkIdentity, line, { path, number });
    else {
      const figures = parseLine(Figures, line, { path, number });
      const problem = `item ${figures.index} stands where ${items} should`;
      if (figures.index !== items) throw new AppError('BENCHMARK_RECORDS_INVALID', { path, line: number, problem });
      for (const [column, value] of numbersOf(figures)) addTo(columns, column, value);
      items += 1;
    }
  }
  if (identity === null) throw new AppError('BENCHMARK_RECORDS_INVALID', { path, line: 1, problem: 'it is empty' });
  return { identity, columns };
}

/** Throws BENCHMARK_RECORDS_INVALID. */
export function parseLine<Schema extends z.ZodType>(schema: Schema, line: string, { path, number }: { readonly path: string; readonly number: number }) {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new AppError('BENCHMARK_RECORDS_INVALID', { path, line: number, problem: 'no JSON' });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError('BENCHMARK_RECORDS_INVALID', { path, line: number, problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` });
}

function numbersOf(figures: z.output<typeof Figures>): readonly (readonly [Column, number])[] {
  switch (figures.kind) {
    case 'choice':
      return [
        ['acc', figures.correct.acc],
        ['acc_norm', figures.correct.acc_norm],
      ];
    case 'written':
      return [['exact_match', figures.correct.exact_match]];
    case 'text':
      return [
        ['log_prob', figures.log_prob],
        ['words', figures.words],
        ['bytes', figures.bytes],
      ];
  }
}

function addTo(columns: Map<Column, number[]>, column: Column, value: number): void {
  const values = columns.get(column);
  if (values === undefined) columns.set(column, [value]);
  else values.push(value);
}

export const isShare = (metric: MetricName): metric is 'acc' | 'acc_norm' | 'exact_match' =>
  metric === 'acc' || metric === 'acc_norm' || metric === 'exact_match';

/** What makes an item better than another: right or wrong, or how probable the text is. null: records of its kind do not tell that metric. */
export function goodness(record: BenchmarkRecord, metric: MetricName): number | null {
  if (record.kind === 'text') return isShare(metric) ? null : record.log_prob;
  const marks: Partial<Record<MetricName, number>> = record.correct;
  return marks[metric] ?? null;
}
