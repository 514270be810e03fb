import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import { errorCodes, type ErrorCode } from '../../shared/errors/codes.ts';
import { Problem, problemOf } from './problem.ts';

describe('a problem', () => {
  it('tells an error in the words of its row', () => {
    const error = new AppError('RUN_UNKNOWN', { run: 'r7', place: '/home' });
    expect(problemOf(error)).toEqual({
      ...{
        type: 'urn:lathe:error:run-unknown',
        title: 'Run unknown',
        status: error.row.http,
        detail: error.message,
        code: 'RUN_UNKNOWN',
        remedy: error.remedy,
      },
      facts: { run: 'r7', place: '/home' },
    });
  });

  it('is one for every row of the table', () => {
    for (const code of Object.keys(errorCodes) as ErrorCode[]) expect(() => Problem.parse(problemOf(new AppError(code, {} as never)))).not.toThrow();
  });

  it('says nothing of what a bug was', () => {
    expect(JSON.stringify(problemOf(new AppError('INTERNAL', { message: 'the token is abc', log: '/of/ann/x.log' })))).not.toMatch(/abc|ann/);
  });

  it('holds nothing that a terminal would obey, and no text without end', () => {
    const problem = problemOf(new AppError('RUN_UNKNOWN', { run: `\u001b[31m\u009b\u202e\n${'x'.repeat(5_000)}`, place: '/' }));
    expect(JSON.stringify([problem.detail, problem.remedy, problem.facts])).not.toMatch(/\\u001b|\\n|\u009b|\u202e/);
    expect(Math.max(problem.detail.length, String(problem.facts['run']).length)).toBeLessThanOrEqual(2_000);
  });

  it('is JSON whatever the facts are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (run) => {
        const problem = problemOf(new AppError('RUN_UNKNOWN', { run, place: '/' }));
        expect(JSON.parse(JSON.stringify(problem))).toEqual(problem);
      }),
    );
  });
});
