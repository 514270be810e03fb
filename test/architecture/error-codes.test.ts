/** The error table is whole: every code is thrown somewhere, its texts are one line each, and its facts render. */
import { describe, expect, it } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import { errorCodes, type ErrorCode, type FactsOf } from '../../shared/errors/codes.ts';
import { exitCodes } from '../../shared/errors/error-row.ts';
import { sourceFiles } from './source-files.ts';

const codes = Object.keys(errorCodes) as ErrorCode[];
const product = sourceFiles(
  (path) => /^(main|compute|shared|renderer)\/.*[.](ts|tsx|js|cc|h)$/.test(path) && !/[.](test|fixture)[.]tsx?$|^shared\/errors\/.*-codes[.]ts$/.test(path),
);

/** Each placeholder of a code's texts with a fact that can be found again. */
function factsOf(code: ErrorCode): Record<string, string> {
  const { message, remedy } = errorCodes[code];
  const names = [...`${message} ${remedy}`.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  return Object.fromEntries(names.map((name, index) => [name, `fact-${index}`]));
}

describe('every error code', () => {
  it('is used by the product', () => {
    const named = (code: string): boolean => product.some(({ text }) => new RegExp(`['"\`]${code}['"\`]`).test(text));
    expect(codes.filter((code) => !named(code))).toEqual([]);
  });

  it('renders with its facts, in one line', () => {
    const broken = codes.filter((code) => {
      const facts = factsOf(code);
      const error = new AppError(code, facts as FactsOf<ErrorCode>);
      const shown = `${error.message}. ${error.remedy}`;
      return /[{}\n]|[.][.]/.test(shown) || Object.values(facts).some((fact) => !shown.includes(fact));
    });
    expect(broken).toEqual([]);
  });

  it('has the exit code of its row', () => {
    expect(codes.map((code) => new AppError(code, factsOf(code) as FactsOf<ErrorCode>).exitCode)).toEqual(
      codes.map((code) => exitCodes[errorCodes[code].exit]),
    );
  });
});

describe('the table', () => {
  it('shows a fact that was left out by its name', () => {
    expect(new AppError('INTERNAL', { message: 'x' } as FactsOf<'INTERNAL'>).remedy).toContain('{log}');
  });
});
