/** Failures of the application core: its store, who owns a LATHE_HOME, who may do what. */
import type { ErrorRow } from './error-row.ts';

export const coreCodes = {
  STORE_NEWER: { exit: 'usage', http: 503, retry: 'change', message: '{path} was written by a later Lathe (schema {version}; this one knows {known})', remedy: 'Use that version; nothing was touched.' },
  STORE_FOREIGN: { exit: 'usage', http: 503, retry: 'change', message: '{path} is no database of Lathe', remedy: 'Choose another LATHE_HOME; nothing was touched.' },
  STORE_DAMAGED: { exit: 'data', http: 503, retry: 'change', message: 'The database {path} is damaged: {problem}', remedy: '`lathe restore BACKUP` brings a backup back; `lathe repair` rebuilds it from the run and registry folders.' },
  STORE_ROW_INVALID: { exit: 'data', http: 500, retry: 'change', message: 'Row {id} of {table} is not as this version writes it: {problem}', remedy: '`lathe repair` rebuilds it; the row is kept.' },
  HOME_BUSY: { exit: 'usage', http: 409, retry: 'now', message: '{home} is in use by process {pid} ({what}), which does not answer', remedy: 'Wait for it or end it, or choose another LATHE_HOME.' },
  HOST_GONE: { exit: 'remote', http: 503, retry: 'now', message: 'The host that owns {home} went away: {problem}', remedy: 'Run the command again; what was running goes on from its last checkpoint.' },
  HOST_OTHER_VERSION: { exit: 'usage', http: 409, retry: 'change', message: '{home} is in use by Lathe {theirs} (process {pid}), this is {ours}', remedy: 'End that process, or use its version.' },
  INPUT_INVALID: { exit: 'usage', http: 422, retry: 'change', message: '{where}: {problem}', remedy: 'Correct it and try again.' },
  CHANNEL_UNKNOWN: { exit: 'usage', http: 404, retry: 'never', message: 'There is no call {name}', remedy: 'See shared/contracts, or /v1/openapi.json.' },
  ROLE_MISSING: { exit: 'usage', http: 403, retry: 'change', message: '{action} needs the role {needs}; this caller is {has}', remedy: 'Use a token with that role (`lathe token create --role {needs}`).' },
  RUN_STATE: { exit: 'usage', http: 409, retry: 'change', message: 'Run {run} is {state}, so it cannot {change}', remedy: '`lathe run show {run}` tells how it stands.' },
  RUN_FENCED: { exit: 'usage', http: 409, retry: 'never', message: '{path} has been taken over by attempt {newer}; this is attempt {mine}', remedy: 'Nothing more was written; the later attempt goes on.' },
} as const satisfies Record<string, ErrorRow>;
