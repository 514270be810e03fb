/**
 * Lines of a text file as checked UTF-8, one at a time: CRLF and a BOM are taken off, other encodings are named, a line beyond the
 * limit is refused before it is in memory.
 */
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { AppError } from '../../../shared/errors/app-error.ts';
import { fileError } from '../../formats/file-errors.ts';
import { rowLimitBytes, rowLimitText } from './row.ts';

export interface Line {
  readonly line: number;
  readonly text: string;
}

const newline = 0x0a;

const invalid = (path: string, line: number, problem: string): AppError => new AppError('DATASET_LINE_INVALID', { path, line, problem });

/** Throws where a file begins with the mark of UTF-16 or UTF-32. */
export function refuseOtherUnicode(path: string, start: Uint8Array): void {
  const [a, b] = start;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) throw invalid(path, 1, 'the file is UTF-16; save it as UTF-8');
}

/** The text of some bytes, or the error that says where they stop being UTF-8. */
export function decodeUtf8(path: string, line: number, bytes: Uint8Array): string {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  if (isUtf8(bytes)) return text;
  // The first replacement character is where decoding failed, unless the text has one of its own before; then the column is too small.
  const column = text.indexOf('\ufffd') + 1;
  throw invalid(path, line, `character ${column} is not UTF-8 (is the file Latin-1?); save it as UTF-8`);
}

export const rowTooLarge = (path: string, line: number): AppError =>
  new AppError('DATASET_ROW_TOO_LARGE', { path, line, bytes: `more than ${rowLimitText}`, limit: rowLimitText });

/** The file's bytes in pieces, its first ones checked, the BOM taken off. */
export async function* readChunks(path: string): AsyncGenerator<Buffer> {
  let isFirst = true;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
      const bytes = chunk as Buffer;
      if (isFirst) refuseOtherUnicode(path, bytes);
      const hasBom = isFirst && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
      isFirst = false;
      yield hasBom ? bytes.subarray(3) : bytes;
    }
  } catch (error) {
    throw fileError(error, { path, what: 'Data file', action: 'read' });
  }
}

/** Every line, empty ones too; the last one need not end. */
export async function* readLines(path: string): AsyncGenerator<Line> {
  let line = 1;
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  const take = (last: Buffer): Line => {
    const whole = pending.length === 0 ? last : Buffer.concat([...pending, last]);
    const bytes = whole.at(-1) === 0x0d ? whole.subarray(0, -1) : whole;
    pending = [];
    pendingBytes = 0;
    return { line, text: decodeUtf8(path, line, bytes) };
  };
  for await (const chunk of readChunks(path)) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      if (pendingBytes + end - start > rowLimitBytes) throw rowTooLarge(path, line);
      yield take(chunk.subarray(start, end));
      line += 1;
      start = end + 1;
    }
    pending.push(chunk.subarray(start));
    pendingBytes += chunk.length - start;
    if (pendingBytes > rowLimitBytes) throw rowTooLarge(path, line);
  }
  if (pendingBytes > 0) yield take(Buffer.alloc(0));
}
