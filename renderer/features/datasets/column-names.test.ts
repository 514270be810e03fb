import { expect, it } from 'vitest';
import { columnNames } from './column-names.ts';

it('says a column once where it is called as its part', () => {
  expect(columnNames(['messages=messages'])).toBe('messages');
  expect(columnNames(['prompt=question', 'completion=a=b'])).toBe('question (prompt), a=b (completion)');
  expect(columnNames([])).toBe('');
});
