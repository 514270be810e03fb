/** What a driver or HANA itself said, as a failure with a code. No value of a row stands in it: HANA's own text is used only where it speaks of names. */
import type { HanaConnection } from '../../shared/domain/hana-connection.ts';
import { AppError, isAppError } from '../../shared/errors/app-error.ts';
import { toAppError } from '../../shared/errors/wire-error.ts';

export interface FailureParts {
  readonly connection: HanaConnection;
}

export const serverOf = ({ host, port }: Pick<HanaConnection, 'host' | 'port'>): string => `${host}:${String(port)}`;

type Facts = { readonly server: string; readonly user: string; readonly number: number; readonly problem: string };
type Row = (facts: Facts) => AppError;

const logOnRefused: Row = ({ server, user }) => new AppError('HANA_LOGON_REFUSED', { server, user });
const busy: Row = ({ server, number }) => new AppError('HANA_BUSY', { server, number });
const unavailable: Row = ({ server, problem }) => new AppError('HANA_UNAVAILABLE', { server, problem });
const value =
  (problem: string): Row =>
  ({ server }) =>
    new AppError('HANA_VALUE_REFUSED', { server, problem });
const missing: Row = ({ server, problem }) => new AppError('HANA_TABLE_MISSING', { server, problem });
const taken: Row = ({ server, problem }) => new AppError('HANA_TABLE_EXISTS', { server, problem });
const refused: Row = ({ server, problem }) => new AppError('HANA_STATEMENT_REFUSED', { server, problem });

/** By HANA's number. */
const rows: Readonly<Record<number, Row>> = {
  10: logOnRefused,
  414: ({ server, user }) => new AppError('HANA_PASSWORD_EXPIRED', { server, user }),
  416: ({ server, user }) => new AppError('HANA_USER_LOCKED', { server, user }),
  258: ({ server, user, problem }) => new AppError('HANA_NOT_PERMITTED', { server, user, problem }),
  129: busy,
  131: busy,
  133: busy,
  139: busy,
  145: busy,
  146: busy,
  149: busy,
  597: busy,
  613: busy,
  4: ({ server }) => new AppError('HANA_UNAVAILABLE', { server, problem: 'it has no memory left (error 4)' }),
  1888: unavailable,
  301: ({ server }) => new AppError('HANA_DUPLICATE', { server }),
  274: value('a text is longer than its column (error 274)'),
  287: value('a column must not be empty (error 287)'),
  303: value('that is no date or time (error 303)'),
  304: value('a number is too large for its column (error 304)'),
  314: value('a number is too large for its column (error 314)'),
  339: value('that is no number (error 339)'),
  461: value('it refers to a row that is not there (error 461)'),
  677: value('a check of its table refuses it (error 677)'),
  259: missing,
  260: missing,
  362: missing,
  288: taken,
  289: taken,
};

/** In these texts HANA names tables, columns and places in a statement, never a value that was bound. */
const speaksOfNames: ReadonlySet<number> = new Set([257, 258, 259, 260, 264, 266, 288, 289, 328, 362, 1888]);

/** Node's, hdb's and hana-client's ways to say that the line is gone, or that nobody knows what became of a commit. */
const goneCodes: ReadonlySet<unknown> = new Set([
  ...['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHDBCLOSE', 'EHDBMSGPARSE', 'EHDBCOMMIT', 'EHDBROLLBACK', 'ABORT_ERR'],
  ...[-10807, -10821, -20006, -10709, -10108],
]);

interface Raw {
  readonly code?: unknown;
  readonly message?: unknown;
}

/** Of a statement, or of a log-on that HANA itself answered. */
export function failureOf(thrown: unknown, { connection }: FailureParts): AppError {
  if (isAppError(thrown)) return thrown;
  const { code, message } = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as Raw;
  const facts = { server: serverOf(connection), user: connection.user };
  if (typeof code === 'number' && code > 0) return serverFailure(code, { ...facts, text: String(message) });
  if (goneCodes.has(code)) return new AppError('HANA_LOST', { server: facts.server, problem: goneWords(code) });
  // A slip of ours, or of the driver.
  if (thrown instanceof TypeError || thrown instanceof ReferenceError) return toAppError(thrown, 'the log');
  const wrongType = /Wrong input for (\w+) type/i.exec(String(message))?.[1];
  const problem =
    wrongType === undefined ? `the driver refuses a parameter (${typeof code === 'number' ? String(code) : 'no number'})` : `that is no ${wrongType}`;
  return new AppError('HANA_VALUE_REFUSED', { server: facts.server, problem });
}

function serverFailure(number: number, { text, ...facts }: Pick<Facts, 'server' | 'user'> & { readonly text: string }): AppError {
  const problem = speaksOfNames.has(number) ? `${oneLine(text)} (error ${String(number)})` : `error ${String(number)}`;
  const row = rows[number] ?? (/maintenance window|upgrade in progress/i.test(text) ? unavailable : refused);
  return row({ ...facts, number, problem });
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 400);

const goneWords = (code: unknown): string =>
  code === 'EHDBCOMMIT' || code === 'EHDBROLLBACK' ? 'HANA did not confirm the end of a transaction' : 'the line was cut in the middle';

/** Whether HANA itself answered with a number of its own. */
export const isServerAnswer = (thrown: unknown): boolean => {
  const { code } = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as Raw;
  return typeof code === 'number' && code > 0;
};
