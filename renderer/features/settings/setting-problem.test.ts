import { describe, expect, it } from 'vitest';
import { settingProblem } from './setting-problem.ts';

describe('an address for a setting', () => {
  it('may be empty, and else begins with http', () => {
    expect(settingProblem('update_url', '')).toBeNull();
    expect(settingProblem('update_url', 'https://lathe.example/newest.json')).toBeNull();
    expect(settingProblem('update_url', 'ftp://lathe.example')).not.toBeNull();
  });
});

describe('a number for a setting', () => {
  it.each([0, 2, 100])('may be %d', (value) => {
    expect(settingProblem('max_restarts', value)).toBeNull();
  });

  it.each([
    [Number.NaN, /^Write a number/],
    [-1, />=0/],
    [101, /<=100/],
    [1.5, /int/],
  ])('is refused where it is %d', (value, problem) => {
    expect(settingProblem('max_restarts', value)).toMatch(problem);
  });
});
