/** An instant that HANA told: as ISO 8601, or as HANA spells it where an expression had no type. */
import type { HanaValue } from './hana-session.ts';

/** Milliseconds since 1970; null: it is none. */
export function hanaTime(value: HanaValue | undefined): number | null {
  if (typeof value !== 'string') return null;
  const time = Date.parse(value.includes('T') ? value : `${value.replace(' ', 'T').slice(0, 23)}Z`);
  return Number.isNaN(time) ? null : time;
}
