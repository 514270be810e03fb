import { expect, it } from 'vitest';
import { fieldProblem, given } from './written.ts';

it('takes what is written without its blanks, and nothing for nothing', () => {
  expect([given(' a '), given('  ')]).toEqual(['a', null]);
});

it('says what a field wants, in a sentence', () => {
  expect(fieldProblem('', 'must be a name')).toBe('Fill this in.');
  expect(fieldProblem(Number.NaN, 'Invalid input')).toBe('Fill this in.');
  expect(fieldProblem('x', 'must be a plain name')).toBe('It must be a plain name.');
  expect(fieldProblem('x', 'Too big')).toBe('Too big.');
});
