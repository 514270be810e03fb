/** Opens a data file by its ending, or by its first bytes where the ending says nothing. The table is the list of what Lathe reads. */
import { extname } from 'node:path';
import { statSync } from 'node:fs';
import { AppError } from '../../../shared/errors/app-error.ts';
import { withFileErrors } from '../../formats/file-errors.ts';
import { PositionedFile } from '../../formats/positioned-file.ts';
import { readCsv } from './csv.ts';
import { readJson } from './json.ts';
import { readJsonl } from './jsonl.ts';
import { readParquet } from './parquet.ts';
import type { RawRow, RowReader } from './row.ts';
import { readText } from './text.ts';

interface FileFormat {
  readonly name: string;
  readonly endings: readonly string[];
  /** How such a file starts, blanks and BOM left out. */
  readonly starts?: RegExp;
  readonly read: RowReader;
}

const formats: readonly FileFormat[] = [
  { name: 'Parquet', endings: ['.parquet'], starts: /^PAR1/, read: readParquet },
  { name: 'JSON Lines', endings: ['.jsonl', '.ndjson'], starts: /^\{/, read: readJsonl },
  { name: 'JSON', endings: ['.json'], starts: /^\[/, read: readJson },
  { name: 'CSV', endings: ['.csv', '.tsv'], read: readCsv },
  { name: 'text', endings: ['.txt', '.md', '.text'], read: readText },
];

const known = formats.map((format) => `${format.name} (${format.endings.join(', ')})`).join(', ');

function startOf(path: string): string {
  using file = new PositionedFile(path, 'Data file');
  return file
    .read(0, 512)
    .toString('utf8')
    .replace(/^[\ufeff\s]+/, '');
}

export function dataFormatOf(path: string): FileFormat {
  const isFile = withFileErrors({ path, what: 'Data file', action: 'read' }, () => statSync(path).isFile());
  const ending = extname(path).toLowerCase();
  const start = isFile ? startOf(path) : '';
  const format = isFile ? (formats.find((each) => each.endings.includes(ending)) ?? formats.find((each) => each.starts?.test(start))) : undefined;
  if (format === undefined) throw new AppError('FORMAT_UNKNOWN', { path, known });
  return format;
}

/** Every row of the file, streamed. */
export const readRows = (path: string): AsyncIterable<RawRow> => dataFormatOf(path).read(path);
