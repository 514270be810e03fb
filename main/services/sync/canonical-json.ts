/** One spelling of a value, whoever wrote it: sorted keys, NFC text, numbers as JavaScript writes them. Equal contents have equal hashes. */
import { createHash } from 'node:crypto';

/** What is undefined is left out; anything else that JSON cannot hold is null there too. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(ordered(value));
}

export const hashOfText = (canonical: string): string => createHash('sha256').update(canonical).digest('hex');

/** Half a surrogate pair does not survive a database. */
const spelt = (text: string): string => text.toWellFormed().normalize('NFC');

function ordered(value: unknown): unknown {
  if (typeof value === 'string') return spelt(value);
  if (typeof value === 'number') return Object.is(value, -0) ? 0 : value;
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value ?? null;
  const entries = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .map(([key, each]) => [spelt(key), ordered(each)] as const);
  // Keys that look like numbers are put first by every engine, in the same order.
  return Object.fromEntries(entries.sort(([one], [two]) => (one < two ? -1 : 1)));
}
