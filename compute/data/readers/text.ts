/** Plain text: every block between blank lines is a row. */
import { AppError } from '../../../shared/errors/app-error.ts';
import { readLines, rowTooLarge } from './lines.ts';
import { rowLimitBytes, type RawRow } from './row.ts';

export async function* readText(path: string): AsyncGenerator<RawRow> {
  let block: string[] = [];
  let start = 1;
  let length = 0;
  for await (const { line, text } of readLines(path)) {
    if (text.includes('\0')) throw new AppError('DATASET_LINE_INVALID', { path, line, problem: 'it holds zero bytes, so it is not text' });
    if (text.trim() === '') {
      if (block.length > 0) yield { line: start, value: block.join('\n') };
      block = [];
      length = 0;
      continue;
    }
    if (block.length === 0) start = line;
    block.push(text);
    length += text.length + 1;
    if (length > rowLimitBytes) throw rowTooLarge(path, start);
  }
  if (block.length > 0) yield { line: start, value: block.join('\n') };
}
