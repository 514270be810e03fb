/** What a layout is: the columns it knows and how one row of it becomes a sample. One file each, listed in detect.ts. */
import type { Role, Sample } from '../types.ts';

/** A row as an object; a row that is a bare string has it under `text`. */
export type Row = Readonly<Record<string, unknown>>;

export interface Layout {
  readonly name: string;
  /** Columns that must exist. */
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Other names under which data sets carry these columns. */
  readonly synonyms: Readonly<Record<string, readonly string[]>>;
  /** The sample, or null where the row is empty. Throws RowError for what cannot be meant. */
  toSample(row: Row): Sample | null;
}

/** A row that cannot be understood; the reader of the file adds where it is. */
export class RowError extends Error {
  override readonly name = 'RowError';
}

/** A field as text: absent and null are empty, numbers and booleans are spelt out. */
export function textOf(row: Row, column: string): string {
  const value = row[column];
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new RowError(`column '${column}' holds ${Array.isArray(value) ? 'a list' : 'an object'}, not text`);
}

export function listOf(row: Row, column: string): readonly unknown[] {
  const value = row[column];
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  // CSV files and some Parquet files hold the list as JSON text.
  if (typeof value === 'string' && value.trimStart().startsWith('[')) {
    try {
      const parsed: unknown = JSON.parse(value);
      if (Array.isArray(parsed)) return parsed;
    } catch {
      // Said below, together with every other form.
    }
  }
  throw new RowError(`column '${column}' is not a list of messages`);
}

export const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

const roles: Readonly<Record<string, Role>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  human: 'user',
  assistant: 'assistant',
  gpt: 'assistant',
  model: 'assistant',
  bot: 'assistant',
  chatgpt: 'assistant',
  bing: 'assistant',
  tool: 'tool',
  function: 'tool',
  observation: 'tool',
};

export function roleOf(value: unknown, place: string): Role {
  const role = typeof value === 'string' ? roles[value.trim().toLowerCase()] : undefined;
  if (role === undefined) throw new RowError(`${place} has the role ${value === undefined ? 'undefined' : JSON.stringify(value)}, which is not known`);
  return role;
}

export const isBlank = (text: string): boolean => text.trim() === '';
