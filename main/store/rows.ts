/** From SQLite's rows to the domain: JSON columns are parsed with their schema, always. */
import type { z } from 'zod';
import type { SqlValue } from './database.ts';
import { AppError } from '../../shared/errors/app-error.ts';

/** Throws STORE_ROW_INVALID: the row is left as it is. */
export function parseRow<Schema extends z.ZodType>(schema: Schema, raw: unknown, where: { readonly table: string; readonly id: string }): z.output<Schema> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError('STORE_ROW_INVALID', { ...where, problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` });
}

/** The value of a JSON column; null stays null. What is no JSON comes back as undefined, which no schema takes. */
export function json(column: SqlValue | undefined): unknown {
  if (column === null || column === undefined) return null;
  try {
    return JSON.parse(typeof column === 'string' ? column : '');
  } catch {
    return undefined;
  }
}

export const toJson = (value: unknown): string | null => (value === null || value === undefined ? null : JSON.stringify(value));
