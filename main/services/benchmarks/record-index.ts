/** Where the records of a file lie, and which of them are right: read once, and further where the file has grown, so that a page costs no more than itself. */
import { open, stat, type FileHandle } from 'node:fs/promises';
import { BenchmarkRecord } from '../../../shared/domain/benchmark-record.ts';

const pieceBytes = 1 << 20;
const newline = 0x0a;

interface Line {
  readonly start: number;
  readonly bytes: number;
}

/** `acc` or `acc_norm` of choices; written answers have one mark, texts none. */
export type Mark = 'acc' | 'acc_norm';

export class RecordIndex {
  readonly path: string;
  readonly #mark: Mark;
  /** Of the line that says whose records these are, and of each record by its index. */
  readonly #lines: Line[] = [];
  readonly #right: (boolean | null)[] = [];
  #end = 0;
  #reading: Promise<void> = Promise.resolve();

  constructor(path: string, mark: Mark) {
    this.path = path;
    this.#mark = mark;
  }

  get count(): number {
    return Math.max(0, this.#lines.length - 1);
  }

  /** null: it is neither. */
  isRight(index: number): boolean | null {
    return this.#right[index] ?? null;
  }

  /** As far as the file goes now; one that is not there has no records. One reads at a time. */
  refresh(): Promise<void> {
    this.#reading = this.#reading.catch(() => undefined).then(() => this.#readOn());
    return this.#reading;
  }

  async #readOn(): Promise<void> {
    const size = await stat(this.path).then(
      (found) => found.size,
      () => 0,
    );
    if (size < this.#end) this.#forget();
    if (size === this.#end) return;
    const file = await open(this.path, 'r');
    try {
      await this.#readLines(file);
    } finally {
      await file.close();
    }
  }

  #forget(): void {
    this.#lines.length = 0;
    this.#right.length = 0;
    this.#end = 0;
  }

  /** Whole lines only: the last may be torn. */
  async #readLines(file: FileHandle): Promise<void> {
    const piece = Buffer.allocUnsafe(pieceBytes);
    let torn = Buffer.alloc(0);
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, pieceBytes, this.#end + torn.length);
      if (bytesRead === 0) return;
      const bytes = Buffer.concat([torn, piece.subarray(0, bytesRead)]);
      let start = 0;
      for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
        if (!this.#take(bytes.subarray(start, end))) return;
        start = end + 1;
      }
      torn = bytes.subarray(start);
    }
  }

  /** false: it is no record of ours, so nothing behind it is. */
  #take(line: Buffer): boolean {
    const isHead = this.#lines.length === 0;
    const value = parsed(line.toString('utf8'));
    if (value === null || (!isHead && value['index'] !== this.count)) return false;
    if (!isHead) this.#right.push(rightOf(value, this.#mark));
    this.#lines.push({ start: this.#end, bytes: line.length });
    this.#end += line.length + 1;
    return true;
  }

  /** In the order of `indices`. */
  async read(indices: readonly number[]): Promise<BenchmarkRecord[]> {
    if (indices.length === 0) return [];
    const file = await open(this.path, 'r');
    try {
      const records: BenchmarkRecord[] = [];
      for (const index of indices) records.push(BenchmarkRecord.parse(JSON.parse(await this.#text(file, index))));
      return records;
    } finally {
      await file.close();
    }
  }

  /** Those of `indices` of which the words are part. */
  async withWords(indices: readonly number[], words: string): Promise<number[]> {
    const wanted = words.toLowerCase();
    const found: number[] = [];
    const file = await open(this.path, 'r');
    try {
      for (const index of indices) if (wordsOf(JSON.parse(await this.#text(file, index)) as BenchmarkRecord).includes(wanted)) found.push(index);
      return found;
    } finally {
      await file.close();
    }
  }

  async #text(file: FileHandle, index: number): Promise<string> {
    const { start, bytes } = this.#lines[index + 1] ?? { start: 0, bytes: 0 };
    const { buffer } = await file.read(Buffer.allocUnsafe(bytes), 0, bytes, start);
    return buffer.toString('utf8');
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

function rightOf(record: Readonly<Record<string, unknown>>, mark: Mark): boolean | null {
  const marks = record['correct'] as Readonly<Record<string, number>> | undefined;
  return marks === undefined ? null : (marks[mark] ?? marks['exact_match']) === 1;
}

function wordsOf(record: BenchmarkRecord): string {
  const own = record.kind === 'choice' ? record.choices : record.kind === 'written' ? [...record.answers, record.output] : [];
  return [record.id, record.prompt, ...own].join('\n').toLowerCase();
}
