/** JSON Lines: one value a line; blank lines are skipped. */
import { AppError } from '../../../shared/errors/app-error.ts';
import { readLines } from './lines.ts';
import type { RawRow } from './row.ts';

/** The parser's own words, without its line numbers: those count inside the row. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const position = /at position (\d+)/.exec(message)?.[1];
  const bare = message
    .replace(/ in JSON at position.*$/s, '')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 160);
  return position === undefined ? bare : `${bare} at character ${Number(position) + 1}`;
}

export function parseJsonRow(path: string, line: number, text: string): RawRow {
  try {
    return { line, value: JSON.parse(text) as unknown };
  } catch (error) {
    throw new AppError('DATASET_LINE_INVALID', { path, line, problem: `not valid JSON: ${reasonOf(error)}` }, { cause: error });
  }
}

export async function* readJsonl(path: string): AsyncGenerator<RawRow> {
  for await (const { line, text } of readLines(path)) if (text.trim() !== '') yield parseJsonRow(path, line, text);
}
