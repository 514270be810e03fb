/** Single facts about what stands on a shelf, as far as they are known. */
import type { ShelfEntry } from '../../../shared/domain/shelf-entry.ts';

export type ItemFacts = ShelfEntry['facts'];

export const numberIn = (facts: ItemFacts, key: string): number | null => (typeof facts[key] === 'number' ? facts[key] : null);

export const textIn = (facts: ItemFacts, key: string): string | null => (typeof facts[key] === 'string' && facts[key] !== '' ? facts[key] : null);

export const listIn = (facts: ItemFacts, key: string): readonly string[] => (Array.isArray(facts[key]) ? facts[key] : []);

/** What is not known is a dash. */
export const shown = <T>(value: T | null, format: (value: T) => string = String): string => (value === null ? '—' : format(value));
