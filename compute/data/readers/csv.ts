/**
 * CSV and TSV with a header line. The separator is taken from that line; quoted fields may hold line breaks. Records are parsed one by one:
 * csv-parse's stream reads ahead, and loses both the line and the records before an error.
 */
import { CsvError, parse } from 'csv-parse/sync';
import { AppError } from '../../../shared/errors/app-error.ts';
import { readLines, rowTooLarge } from './lines.ts';
import { rowLimitBytes, type RawRow } from './row.ts';

const separators = [',', '\t', ';', '|'];

/** The separator that the header uses most, outside quotes. */
export function findSeparator(header: string): string {
  const bare = header.replaceAll(/"(?:[^"]|"")*"/g, '');
  const counts = separators.map((separator) => bare.split(separator).length - 1);
  return separators[counts.indexOf(Math.max(...counts))] ?? ',';
}

interface RecordText {
  readonly line: number;
  readonly text: string;
}

const quotesIn = (text: string): number => {
  let count = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) count += 1;
  return count;
};

/** Lines joined as long as a quote is open. */
async function* readRecords(path: string): AsyncGenerator<RecordText> {
  let open: string[] = [];
  let start = 1;
  let length = 0;
  let quotes = 0;
  for await (const { line, text } of readLines(path)) {
    if (open.length === 0) {
      if (text.trim() === '') continue;
      start = line;
    }
    open.push(text);
    length += text.length + 1;
    quotes += quotesIn(text);
    if (length > rowLimitBytes) throw rowTooLarge(path, start);
    if (quotes % 2 === 1) continue;
    yield { line: start, text: open.join('\n') };
    [open, length, quotes] = [[], 0, 0];
  }
  if (open.length > 0) yield { line: start, text: open.join('\n') };
}

function parseRecord(path: string, { line, text }: RecordText, delimiter: string): string[] {
  try {
    return parse(text, { delimiter, relax_column_count: true, max_record_size: 2 * rowLimitBytes })[0] ?? [];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const problem = error.message.replaceAll(/ at line \d+| on line \d+/g, '').replaceAll(/\s+/g, ' ');
    throw new AppError('DATASET_LINE_INVALID', { path, line, problem: problem.slice(0, 160) }, { cause: error });
  }
}

export async function* readCsv(path: string): AsyncGenerator<RawRow> {
  let header: string[] | null = null;
  let delimiter = ',';
  for await (const record of readRecords(path)) {
    if (header === null) {
      delimiter = findSeparator(record.text);
      header = parseRecord(path, record, delimiter).map((name) => name.trim());
      continue;
    }
    const fields = parseRecord(path, record, delimiter);
    if (fields.length !== header.length) {
      const problem = `it has ${fields.length} fields, the header has ${header.length}`;
      throw new AppError('DATASET_LINE_INVALID', { path, line: record.line, problem });
    }
    yield { line: record.line, value: Object.fromEntries(header.map((name, i) => [name, fields[i] ?? ''])) };
  }
}
