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
  #bytes: number;

  private constructor(path: string, descriptor: number, kept: Kept) {
    this.#path = path;
    this.#descriptor = descriptor;
    this.#bytes = kept.bytes;
    this.records = [...kept.records];
  }

  /** `wholeUpTo` says of a number of records how many of them to keep. Throws BENCHMARK_RECORDS_OTHER and what files throw. */
  static open(path: string, identity: BenchmarkIdentity, wholeUpTo: (records: number) => number): RecordFile {
    return withFileErrors({ path, what: 'Records', action: 'write' }, () => {
      makeFolder(dirname(path));
      const isThere = existsSync(path);
      const kept = isThere ? readSound(path, identity, wholeUpTo) : { records: [], bytes: 0 };
      const descriptor = openSync(path, isThere ? 'r+' : 'w+');
      // What is kept is not written again: a kill at this moment must lose nothing.
      ftruncateSync(descriptor, kept.bytes);
      const file = new RecordFile(path, descriptor, kept);
      if (kept.bytes === 0) file.#append(lineOf(identity));
      return file;
    });
  }

  /** On the disk when this returns. */
  add(records: readonly BenchmarkRecord[]): void {
    withFileErrors({ path: this.#path, what: 'Records', action: 'write' }, () => {
      this.#append(records.map(lineOf).join(''));
      fdatasyncSync(this.#descriptor);
    });
    this.records.push(...records);
  }

  #append(text: string): void {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length;) at += writeSync(this.#descriptor, bytes, at, bytes.length - at, this.#bytes + at);
    this.#bytes += bytes.length;
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor);
  }
}

const lineOf = (value: unknown): string => `${JSON.stringify(value)}\n`;

interface Kept {
  readonly records: readonly BenchmarkRecord[];
  /** With the line that says whose they are; 0 where there is none to keep. */
  readonly bytes: number;
}

/** The records up to the first line that is torn or out of order, and of those as many as `wholeUpTo` says. */
function readSound(path: string, identity: BenchmarkIdentity, wholeUpTo: (records: number) => number): Kept {
  const [head = '', ...lines] = readFileSync(path, 'utf8').split('\n');
  requireSame(path, identity, head);
  const records: BenchmarkRecord[] = [];
  // Behind the last line break there is nothing, or a torn line.
  for (const line of lines.slice(0, -1)) {
    const record = BenchmarkRecord.safeParse(parsed(line));
    if (!record.success || record.data.index !== records.length) break;
    records.push(record.data);
  }
  const kept = wholeUpTo(records.length);
  const bytes = kept === 0 ? 0 : Buffer.byteLength(`${[head, ...lines.slice(0, kept)].join('\n')}\n`);
  return { records: records.slice(0, kept), bytes };
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
