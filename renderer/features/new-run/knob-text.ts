/** Settings as text in their fields, and back. */
import { texts } from '../../texts/texts.ts';

const { none, on, off } = texts.newRun.recipe;

export function shownDefault(value: unknown): string {
  if (value === null || (Array.isArray(value) && value.length === 0)) return none;
  if (typeof value === 'boolean') return value ? on : off;
  return Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value : JSON.stringify(value);
}

export const formatModules = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value : '');

/** Empty: as if nothing had been written. */
export function readModules(text: string): unknown {
  const names = text.split(/[\s,]+/).filter((name) => name !== '');
  if (names.length === 0) return undefined;
  return names.length === 1 && names[0] === 'all-linear' ? 'all-linear' : names;
}

export const readLines = (text: string): readonly string[] => text.split('\n').filter((line) => line.trim() !== '');
