/** Notes as rows of a form, and back. */
import type { Metadata } from '../../../shared/domain/version-record.ts';

export interface MetadataRow {
  /** Keeps rows apart while they are edited. */
  readonly id: number;
  readonly key: string;
  readonly value: string;
}

type Value = Metadata[string];

export const rowsOf = (metadata: Metadata): readonly MetadataRow[] => Object.entries(metadata).map(([key, value], id) => ({ id, key, value: textOf(value) }));

export const newRow = (rows: readonly MetadataRow[]): MetadataRow => ({ id: Math.max(-1, ...rows.map(({ id }) => id)) + 1, key: '', value: '' });

export type RowsProblem = { readonly kind: 'key-missing' } | { readonly kind: 'key-twice'; readonly key: string };

/** Rows without a word are left out. */
export function metadataOf(rows: readonly MetadataRow[]): { readonly metadata: Metadata } | { readonly problem: RowsProblem } {
  const filled = rows.map(({ key, value }) => ({ key: key.trim(), value })).filter(({ key, value }) => key !== '' || value.trim() !== '');
  if (filled.some(({ key }) => key === '')) return { problem: { kind: 'key-missing' } };
  const seen = new Set<string>();
  for (const { key } of filled) {
    if (seen.has(key)) return { problem: { kind: 'key-twice', key } };
    seen.add(key);
  }
  return { metadata: Object.fromEntries(filled.map(({ key, value }) => [key, valueOf(value)])) };
}

/** Text stays text unless it would be read as something else. */
export const textOf = (value: Value): string =>
  typeof value === 'string' && typeof valueOf(value) === 'string' && !isQuoted(value) ? value : JSON.stringify(value);

const isQuoted = (text: string): boolean => text.trim().startsWith('"');

export function valueOf(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return text;
  }
}
