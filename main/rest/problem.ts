/** Errors as HTTP tells them: application/problem+json (RFC 9457), from the rows of the error table. */
import { AppError } from '../../shared/errors/app-error.ts';
import { z } from 'zod';

export const problemType = 'application/problem+json';

export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  /** Go by this one: the others are for people. */
  code: z.string(),
  remedy: z.string(),
  /** What `detail` and `remedy` were made from. */
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type Problem = z.infer<typeof Problem>;

/** Text that came from outside may hold what a terminal obeys. */
const plain = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '\ufffd').slice(0, 2_000);

export function problemOf(error: AppError): Problem {
  const { code, row } = error;
  // A bug's text may hold anything; it is in the log.
  const told = code === 'INTERNAL' ? new AppError('INTERNAL', { message: 'see the log', log: 'LATHE_HOME/logs' }) : error;
  const facts = Object.entries<string | number>(told.facts).map(([key, value]) => [key, typeof value === 'string' ? plain(value) : value]);
  return {
    type: `urn:lathe:error:${code.toLowerCase().replaceAll('_', '-')}`,
    title: titleOf(code),
    status: row.http,
    detail: plain(told.message),
    code,
    remedy: plain(told.remedy),
    facts: Object.fromEntries(facts) as Problem['facts'],
  };
}

const titleOf = (code: string): string => `${code.charAt(0)}${code.slice(1).toLowerCase().replaceAll('_', ' ')}`;
