/**
 * The token cache's file: rows one after the other (ids, then one byte a token for graded or not), an index, the report as JSON, and a
 * trailer with sizes and SHA-256. Rows are read by position; what is in memory is the index, 16 bytes a row.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { writeFileAtomically, type FileSink } from '../formats/atomic-file.ts';
import { PositionedFile } from '../formats/positioned-file.ts';
import type { DatasetRow } from './render-dataset.ts';
import type { DatasetReport, RenderedRow } from './types.ts';

const magic = Buffer.from('LATHETC1');
const hashBytes = 32;
/** Rows, bytes an id, offset and size of the JSON: four doubles before the hash. */
const trailerBytes = 4 * 8 + hashBytes;
const largestShort = 65_536;

interface Meta {
  readonly key: string;
  readonly report: DatasetReport;
}

/** Bytes that can be written: typed arrays are little-endian on every machine that Lathe runs on. */
const bytesOf = (array: ArrayBufferView): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

interface WriteOptions {
  readonly key: string;
  readonly vocabSize: number;
  readonly rows: AsyncIterable<DatasetRow>;
  /** Asked for after the last row. */
  readonly report: () => DatasetReport;
}

async function writeRows(sink: FileSink, { key, vocabSize, rows, report }: WriteOptions): Promise<void> {
  const hash = createHash('sha256');
  const put = (bytes: Uint8Array): void => {
    hash.update(bytes);
    sink.write(bytes);
  };
  const isShort = vocabSize <= largestShort;
  const lengths: number[] = [];
  const lines: number[] = [];
  const digests: bigint[] = [];
  put(magic);
  for await (const { line, row, digest } of rows) {
    put(bytesOf(isShort ? Uint16Array.from(row.tokens) : row.tokens));
    put(row.graded);
    lengths.push(row.tokens.length);
    lines.push(line);
    digests.push(digest);
  }
  for (const array of [Uint32Array.from(lengths), Uint32Array.from(lines), BigUint64Array.from(digests)]) put(bytesOf(array));
  const meta = Buffer.from(JSON.stringify({ key, report: report() } satisfies Meta));
  const metaOffset = sink.position;
  put(meta);
  put(bytesOf(Float64Array.of(lengths.length, isShort ? 2 : 4, metaOffset, meta.length)));
  sink.write(hash.digest());
}

export const writeTokenCache = (path: string, options: WriteOptions): Promise<void> => writeFileAtomically(path, (sink) => writeRows(sink, options));

/** Whether the file is whole: its hash is the last thing in it. */
async function isWhole(path: string, size: number): Promise<boolean> {
  if (size < magic.length + trailerBytes) return false;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { end: size - hashBytes - 1, highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  using file = new PositionedFile(path, 'Token cache');
  return file.size === size && file.read(size - hashBytes, hashBytes).equals(hash.digest());
}

interface Index {
  readonly idBytes: number;
  readonly starts: Float64Array;
  readonly lines: Uint32Array;
  readonly digests: BigUint64Array;
}

export class TokenCache implements Disposable {
  readonly path: string;
  readonly key: string;
  readonly report: DatasetReport;
  readonly rows: number;
  readonly #file: PositionedFile;
  readonly #index: Index;

  private constructor(file: PositionedFile, meta: Meta, index: Index) {
    this.path = file.path;
    this.key = meta.key;
    this.report = meta.report;
    this.rows = index.lines.length;
    this.#file = file;
    this.#index = index;
  }

  /** Opens a cache; null if the file is not one, or is damaged. */
  static async open(path: string): Promise<TokenCache | null> {
    const file = new PositionedFile(path, 'Token cache');
    const isSound = file.read(0, magic.length).equals(magic) && (await isWhole(path, file.size));
    if (isSound) return TokenCache.#read(file);
    file[Symbol.dispose]();
    return null;
  }

  static #read(file: PositionedFile): TokenCache {
    const trailer = new Float64Array(4);
    file.readInto(bytesOf(trailer), file.size - trailerBytes);
    const [rows = 0, idBytes = 2, metaOffset = 0, metaBytes = 0] = trailer;
    const meta = JSON.parse(file.read(metaOffset, metaBytes).toString('utf8')) as Meta;
    const [lengths, lines, digests] = [new Uint32Array(rows), new Uint32Array(rows), new BigUint64Array(rows)];
    const indexOffset = metaOffset - 16 * rows;
    file.readInto(bytesOf(lengths), indexOffset);
    file.readInto(bytesOf(lines), indexOffset + 4 * rows);
    file.readInto(bytesOf(digests), indexOffset + 8 * rows);
    const starts = new Float64Array(rows + 1).fill(magic.length, 0, 1);
    for (const [row, length] of lengths.entries()) starts[row + 1] = (starts[row] ?? 0) + length * (idBytes + 1);
    return new TokenCache(file, meta, { idBytes, starts, lines, digests });
  }

  /** Tokens in a row. */
  length(row: number): number {
    const { starts, idBytes } = this.#index;
    return ((starts[row + 1] ?? 0) - (starts[row] ?? 0)) / (idBytes + 1);
  }

  /** Line of the data file that the row begins at. */
  line(row: number): number {
    return this.#index.lines[row] ?? 0;
  }

  digest(row: number): bigint {
    return this.#index.digests[row] ?? 0n;
  }

  read(row: number): RenderedRow {
    const { starts, idBytes } = this.#index;
    const start = starts[row] ?? 0;
    const length = this.length(row);
    const ids = idBytes === 2 ? new Uint16Array(length) : new Int32Array(length);
    const graded = new Uint8Array(length);
    this.#file.readInto(bytesOf(ids), start);
    this.#file.readInto(graded, start + length * idBytes);
    return { tokens: ids instanceof Int32Array ? ids : Int32Array.from(ids), graded };
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}
