/** What a deployed model has said so far: a line that says whose it is, then one a question. What was kept when a host died is gone on with. */
import { closeSync, existsSync, fdatasyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { BenchmarkReply, ReplyHead } from '../../../shared/domain/benchmark-question.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { fileFailure } from '../../platform/file-failure.ts';

export class ReplyFile implements Disposable {
  readonly #path: string;
  readonly #descriptor: number;
  #bytes: number;
  /** Questions that have a reply. */
  count: number;

  private constructor(path: string, descriptor: number, { bytes, count }: Kept) {
    this.#path = path;
    this.#descriptor = descriptor;
    this.#bytes = bytes;
    this.count = count;
  }

  /** Throws BENCHMARK_RECORDS_OTHER where another model answered, or other questions were asked. */
  static open(path: string, head: ReplyHead): ReplyFile {
    const kept = existsSync(path) ? readKept(path, head) : { bytes: 0, count: 0 };
    const descriptor = openSync(path, existsSync(path) ? 'r+' : 'w+');
    ftruncateSync(descriptor, kept.bytes);
    const file = new ReplyFile(path, descriptor, kept);
    if (kept.bytes === 0) file.#append(head);
    return file;
  }

  /** On the disk when this returns. */
  add(reply: BenchmarkReply): void {
    this.#append(reply);
    this.count += 1;
  }

  #append(value: unknown): void {
    try {
      const bytes = Buffer.from(`${JSON.stringify(value)}\n`);
      for (let at = 0; at < bytes.length;) at += writeSync(this.#descriptor, bytes, at, bytes.length - at, this.#bytes + at);
      fdatasyncSync(this.#descriptor);
      this.#bytes += bytes.length;
    } catch (error) {
      throw fileFailure(error, { what: 'Replies', path: this.#path, action: 'write' });
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor);
  }
}

interface Kept {
  readonly bytes: number;
  readonly count: number;
}

/** Up to the first line that is torn. */
function readKept(path: string, head: ReplyHead): Kept {
  const [first = '', ...lines] = readFileSync(path, 'utf8').split('\n');
  const before = ReplyHead.safeParse(parsed(first));
  if (!before.success) return { bytes: 0, count: 0 };
  const other = (Object.keys(head) as (keyof ReplyHead)[]).find((key) => before.data[key] !== head[key]);
  if (other !== undefined) throw new AppError('BENCHMARK_RECORDS_OTHER', { path, difference: `${other}: ${before.data[other]} instead of ${head[other]}` });
  const torn = lines.slice(0, -1).findIndex((line, i) => BenchmarkReply.safeParse(parsed(line)).data?.index !== i);
  const count = torn < 0 ? lines.length - 1 : torn;
  return { count, bytes: Buffer.byteLength(`${[first, ...lines.slice(0, count)].join('\n')}\n`) };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
