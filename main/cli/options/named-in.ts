/** What a flag names. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** Entries with commas between; empty ones are none. */
export const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

/** What is there is a path, from where the user stands; else it is a name. */
export const asPath = (reference: string): string => (existsSync(resolve(reference)) ? resolve(reference) : reference);
