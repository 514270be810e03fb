/** A JSON file: an array of rows, or objects one after the other. Read as a stream, a row at a time. */
import { AppError } from '../../../shared/errors/app-error.ts';
import { JsonSplitter, type JsonSlice } from './json-splitter.ts';
import { parseJsonRow } from './jsonl.ts';
import { decodeUtf8, readChunks, rowTooLarge } from './lines.ts';
import { rowLimitBytes, type RawRow } from './row.ts';

export async function* readJson(path: string): AsyncGenerator<RawRow> {
  const splitter = new JsonSplitter();
  const parse = ({ line, bytes }: JsonSlice): RawRow => {
    if (bytes.length > rowLimitBytes) throw rowTooLarge(path, line);
    return parseJsonRow(path, line, decodeUtf8(path, line, bytes));
  };
  for await (const chunk of readChunks(path)) {
    for (const slice of splitter.push(chunk)) yield parse(slice);
    if (splitter.pendingBytes > rowLimitBytes) throw rowTooLarge(path, splitter.startLine);
  }
  const { slice, isClosed } = splitter.finish();
  if (slice !== null) yield parse(slice);
  if (!isClosed) throw new AppError('DATASET_LINE_INVALID', { path, line: splitter.startLine, problem: 'the array does not end; is the file cut off?' });
}
