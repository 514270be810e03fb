import { expect, it } from 'vitest';
import { isWholePath, looksLikeFile } from './whole-path.ts';

it.each(['/', '/of/me/rows.jsonl', 'C:\\models\\a.gguf', 'd:/rows.csv', '\\\\server\\share\\rows.csv'])('takes %s', (path) => {
  expect(isWholePath(path)).toBe(true);
});

it.each(['', 'rows.jsonl', './rows.jsonl', '~/rows.jsonl', 'C:rows.jsonl'])('does not take "%s"', (path) => {
  expect(isWholePath(path)).toBe(false);
});

it('knows a file by its ending', () => {
  expect(['/data/rows.jsonl', 'C:\\m\\a.gguf'].every(looksLikeFile)).toBe(true);
  expect(['/data', '/data/.cache', '/data/v1.2/', 'C:\\m'].some(looksLikeFile)).toBe(false);
});
