/** JSON Lines: one value a line; blank lines are skipped. */
import { AppError } from '../../../shared/errors/app-error.ts';
import { readLines } from './lines.ts';
import type { RawRow } from './row.ts';

export function parseJsonRow(path: string, line: number, text: string): RawRow {
  try {
    return { line, value: JSON.parse(text) as unknown };
  } catch (error) {
    const reason = error instanceof Error ? error.message.replaceAll(/\s+/g, ' ').slice(0, 160) : String(error);
    throw new AppError('DATASET_LINE_INVALID', { path, line, problem: `not valid JSON: ${reason}` }, { cause: error });
  }
}

export async function* readJsonl(path: string): AsyncGenerator<RawRow> {
  for await (const { line, text } of readLines(path)) if (text.trim() !== '') yield parseJsonRow(path, line, text);
}
