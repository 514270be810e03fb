/** The records of a benchmark as they are made: a line that says whose they are, then one an item. What a killed job left is gone on with. */
import { closeSync, existsSync, fdatasyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { BenchmarkIdentity, BenchmarkRecord } from '../../shared/domain/benchmark-record.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { makeFolder } from '../formats/atomic-file.ts';
import { withFileErrors } from '../formats/file-errors.ts';

export class RecordFile implements Disposable {
  readonly records: BenchmarkRecord[];
  readonly #path: string;
  readonly #descriptor: number;

  private constructor(path: string, descriptor: number, records: BenchmarkRecord[]) {
    this.#path = path;
    this.#descriptor = descriptor;
    this.records = records;
  }

  /** `wholeUpTo` says of a number of records how many of them to keep. Throws BENCHMARK_RECORDS_OTHER and what files throw. */
  static open(path: string, identity: BenchmarkIdentity, wholeUpTo: (records: number) => number): RecordFile {
    return withFileErrors({ path, what: 'Records', action: 'write' }, () => {
      makeFolder(dirname(path));
      const before = existsSync(path) ? readSound(path, identity) : [];
      const kept = before.slice(0, wholeUpTo(before.length));
      const descriptor = openSync(path, existsSync(path) ? 'r+' : 'w+');
      const head = lineOf(identity) + kept.map(lineOf).join('');
      ftruncateSync(descriptor, 0);
      writeSync(descriptor, head);
      return new RecordFile(path, descriptor, kept);
    });
  }

  /** On the disk when this returns. */
  add(records: readonly BenchmarkRecord[]): void {
    withFileErrors({ path: this.#path, what: 'Records', action: 'write' }, () => {
      writeSync(this.#descriptor, records.map(lineOf).join(''));
      fdatasyncSync(this.#descriptor);
    });
    this.records.push(...records);
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor);
  }
}

const lineOf = (value: unknown): string => `${JSON.stringify(value)}\n`;

/** The records up to the first line that is torn or out of order. */
function readSound(path: string, identity: BenchmarkIdentity): BenchmarkRecord[] {
  const [head = '', ...lines] = readFileSync(path, 'utf8').split('\n');
  requireSame(path, identity, head);
  const records: BenchmarkRecord[] = [];
  for (const line of lines) {
    const record = BenchmarkRecord.safeParse(parsed(line));
    if (!record.success || record.data.index !== records.length) break;
    records.push(record.data);
  }
  return records;
}

function requireSame(path: string, identity: BenchmarkIdentity, head: string): void {
  if (head.trim() === '') return;
  const before = BenchmarkIdentity.safeParse(parsed(head));
  if (!before.success) throw new AppError('BENCHMARK_RECORDS_OTHER', { path, difference: 'kind: its first line is none of ours' });
  const keys = Object.keys(identity) as (keyof BenchmarkIdentity)[];
  const other = keys.find((key) => before.data[key] !== identity[key]);
  if (other !== undefined) throw new AppError('BENCHMARK_RECORDS_OTHER', { path, difference: `${other}: ${before.data[other]} instead of ${identity[other]}` });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
