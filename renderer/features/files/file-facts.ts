/** What was found out about a file, as names and values to be read. */
import type { ShelfEntry } from '../../../shared/domain/shelf-entry.ts';
import { formatBytes, formatCount } from '../../../shared/text/format.ts';

export type FileFacts = ShelfEntry['facts'];

export interface ShownFact {
  readonly name: string;
  readonly value: string;
}

/** In their order; what is not known is left out. */
export const shownFacts = (facts: FileFacts): readonly ShownFact[] =>
  Object.entries(facts).flatMap(([key, value]) => (value === null || value === '' ? [] : [{ name: factName(key), value: factValue(key, value) }]));

const names: Readonly<Record<string, string>> = { bytes: 'Size', sha256: 'SHA-256' };

const factName = (key: string): string => names[key] ?? `${key.charAt(0).toUpperCase()}${key.slice(1)}`.replaceAll('_', ' ');

function factValue(key: string, value: NonNullable<FileFacts[string]>): string {
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  return key === 'bytes' ? formatBytes(value) : formatCount(value);
}

/** `134515008` are `135 M`. */
export function formatParameters(count: number): string {
  const [unit, size] = count >= 1e9 ? ['B', 1e9] : count >= 1e6 ? ['M', 1e6] : ['K', 1e3];
  const amount = count / size;
  return `${amount >= 100 ? Math.round(amount) : Number(amount.toPrecision(2))} ${unit}`;
}

/** What is looked at first in a model: its family, size and so on, as far as they are known. */
export function modelLine(facts: FileFacts): string {
  const text = (key: string): string | null => (typeof facts[key] === 'string' ? facts[key] : null);
  const number = (key: string): number | null => (typeof facts[key] === 'number' ? facts[key] : null);
  const [parameters, bytes] = [number('parameters'), number('bytes')];
  const parts = [
    text('architecture'),
    parameters === null ? null : `${formatParameters(parameters)} parameters`,
    text('quantisation'),
    bytes === null ? null : formatBytes(bytes),
    text('licence'),
  ];
  return parts.filter((part) => part !== null).join(' · ');
}
