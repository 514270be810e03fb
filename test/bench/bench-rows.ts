/** Files of rows that benches train on: full rows made of words, and the real rows of shared/data. */
import { readFileSync, writeFileSync } from 'node:fs';
import { sequence } from '../support/kernel-lab.ts';
import { findShared } from '../support/smollm2.ts';

const words = 'the of and water light energy plant rock force heat cell sound animal air sun moon earth wave metal gas'.split(' ');

/** `count` rows of at least `length` tokens each, no two alike; cut at --max-seq-length they have no padding and every token is graded. */
export function writeFullRows(path: string, { count, length }: { readonly count: number; readonly length: number }): string {
  const next = sequence(length);
  const text = (): string => Array.from({ length: length + 1 }, () => words[Math.floor(((next() + 1) / 2) * words.length)] ?? 'the').join(' ');
  writeFileSync(path, Array.from({ length: count }, () => `${JSON.stringify({ text: text() })}\n`).join(''));
  return path;
}

export const realRowsName = 'arc_easy_train.jsonl';

/** The lines of the real rows, or null where they are not beside the checkout. */
export function realRows(): readonly string[] | null {
  const path = findShared('data', 'train', realRowsName);
  return path === null ? null : readFileSync(path, 'utf8').trim().split('\n');
}

/** Lines `from` … `to` as a file of their own. */
export function writeLines(path: string, lines: readonly string[], [from, to]: readonly [from: number, to: number]): string {
  writeFileSync(path, `${lines.slice(from, to).join('\n')}\n`);
  return path;
}
