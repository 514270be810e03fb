/** What each failure of HANA means for work that goes on by itself. */
import { isAppError } from '../errors/app-error.ts';
import type { ErrorCode } from '../errors/codes.ts';
import type { hanaCodes } from '../errors/hana-codes.ts';

/**
 * backoff: try again later, with growing pauses · quick: try again at once, a few times, in a new transaction · stop: nothing is tried until the user has
 * changed something · row: it is the fault of this row or statement alone; the session goes on, the transaction is to be rolled back.
 */
export type HanaFailure = 'backoff' | 'quick' | 'stop' | 'row';

const classes: Readonly<Record<keyof typeof hanaCodes, HanaFailure>> = {
  HANA_CONNECTION_UNKNOWN: 'stop',
  HANA_CONNECTION_CHOSEN: 'stop',
  HANA_LICENCE_NOT_ACCEPTED: 'stop',
  HANA_UNRESOLVED: 'backoff',
  HANA_REFUSED: 'backoff',
  HANA_UNREACHABLE: 'backoff',
  HANA_SILENT: 'backoff',
  HANA_CLOSED: 'backoff',
  HANA_TLS_EXPECTED: 'stop',
  HANA_TLS_MISSING: 'stop',
  HANA_NOT_HANA: 'stop',
  HANA_CERTIFICATE_UNTRUSTED: 'stop',
  HANA_CERTIFICATE_NAME: 'stop',
  HANA_CA_FILE: 'stop',
  HANA_LOGON_REFUSED: 'stop',
  HANA_PASSWORD_EXPIRED: 'stop',
  HANA_USER_LOCKED: 'stop',
  // Of one table among many it is that table's rows alone: whoever writes them may take it so.
  HANA_NOT_PERMITTED: 'stop',
  HANA_LOST: 'backoff',
  HANA_SLOW: 'backoff',
  HANA_BUSY: 'quick',
  HANA_UNAVAILABLE: 'backoff',
  HANA_DUPLICATE: 'row',
  HANA_VALUE_REFUSED: 'row',
  HANA_TABLE_MISSING: 'stop',
  HANA_TABLE_EXISTS: 'row',
  HANA_STATEMENT_REFUSED: 'stop',
  HANA_SCHEMA_BUSY: 'backoff',
  HANA_SCHEMA_CHANGED: 'stop',
  HANA_RIGHTS_MISSING: 'stop',
  HANA_SELECT_REFUSED: 'stop',
  HANA_SOURCE_NONE: 'stop',
  HANA_DRIVER_MISSING: 'stop',
};

const isHanaCode = (code: ErrorCode): code is keyof typeof classes => Object.hasOwn(classes, code);

/** Anything else that was thrown, a secret that is missing among it, stops. */
export const hanaFailureOf = (error: unknown): HanaFailure => (isAppError(error) && isHanaCode(error.code) ? classes[error.code] : 'stop');

/** After these there is no session any more. */
export const endsHanaSession = (error: unknown): boolean => isAppError(error, 'HANA_LOST') || isAppError(error, 'HANA_SLOW');
