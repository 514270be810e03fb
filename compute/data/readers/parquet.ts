/** Parquet files, a row group at a time; a line number is a row's number. */
import * as zlib from 'node:zlib';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, type AsyncBuffer, type Compressors, type FileMetaData } from 'hyparquet';
import { AppError } from '../../../shared/errors/app-error.ts';
import { fileError } from '../../formats/file-errors.ts';
import { rowTooLarge } from './lines.ts';
import { rowLimitBytes, type RawRow } from './row.ts';

/** A row group is decoded whole, and takes several times this in memory. */
const groupLimitBytes = 1024 * 1024 * 1024;

/** What hyparquet does not bring itself. Zstandard came to Node with 22.15; older ones name the codec in the error. */
const compressors: Compressors = {
  GZIP: (input) => zlib.gunzipSync(input),
  BROTLI: (input) => zlib.brotliDecompressSync(input),
  ...('zstdDecompressSync' in zlib ? { ZSTD: (input: Uint8Array) => zlib.zstdDecompressSync(input) } : {}),
};

const unreadable = (path: string, problem: string, cause?: unknown): AppError => new AppError('DATASET_UNREADABLE', { path, problem }, { cause });

/** Numbers as JSON has them, text inside lists and records too. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

const lengthOf = (value: unknown): number => {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, inner) => sum + lengthOf(inner), 0);
};

async function open(path: string): Promise<{ file: AsyncBuffer; metadata: FileMetaData }> {
  const file = await asyncBufferFromFile(path).catch((error: unknown) => {
    throw fileError(error, { path, what: 'Data file', action: 'read' });
  });
  try {
    return { file, metadata: await parquetMetadataAsync(file) };
  } catch (error) {
    throw unreadable(path, `it is not a sound Parquet file (${error instanceof Error ? error.message : String(error)})`, error);
  }
}

export async function* readParquet(path: string): AsyncGenerator<RawRow> {
  const { file, metadata } = await open(path);
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    if (group.total_byte_size > BigInt(groupLimitBytes))
      throw unreadable(path, `its row group at row ${rowStart + 1} is larger than 1 GiB; write smaller ones`);
    const rowEnd = rowStart + Number(group.num_rows);
    const rows = await parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd }).catch((error: unknown) => {
      throw unreadable(path, `rows ${rowStart + 1} to ${rowEnd} fail (${error instanceof Error ? error.message : String(error)})`, error);
    });
    for (const [i, row] of rows.entries()) {
      const value = plain(row);
      if (lengthOf(value) > rowLimitBytes) throw rowTooLarge(path, rowStart + i + 1);
      yield { line: rowStart + i + 1, value };
    }
    rowStart = rowEnd;
  }
}
