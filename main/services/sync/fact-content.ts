/** A fact as HANA holds it: its payload in one spelling, and the hash of that. */
import type { SharedRow } from '../../store/shared-rows.ts';
import { canonicalJson, hashOfText } from './canonical-json.ts';
import type { Fields } from './merge-fields.ts';

export interface FactContent {
  /** null: taken away. */
  readonly payload: SharedRow['payload'];
  readonly text: string;
  readonly hash: string;
  readonly schema: number;
}

export function contentOf(payload: unknown, schema: number): FactContent {
  const text = canonicalJson(payload ?? null);
  return { payload: JSON.parse(text) as SharedRow['payload'], text, hash: hashOfText(text), schema };
}

/**
 * What a row becomes by an operation of this Lathe: fields of a newer one, which it does not know and so did not say, stay as they were. New fields are
 * new keys of the payload itself.
 */
export function contentOver(base: Pick<SharedRow, 'payload' | 'schema'> | null, payload: unknown, schema: number): FactContent {
  if (base === null || base.payload === null || payload === null || payload === undefined || base.schema <= schema) return contentOf(payload, schema);
  return contentOf({ ...base.payload, ...(payload as Fields) }, base.schema);
}

export const sameValue = (one: unknown, two: unknown): boolean => canonicalJson({ one }) === canonicalJson({ one: two });
