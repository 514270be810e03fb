/** Failures of keeping in step with HANA. */
import type { ErrorRow } from './error-row.ts';

export const syncCodes = {
  SYNC_NOT_CONNECTED: { exit: 'usage', http: 409, retry: 'change', message: 'There is no connection to HANA to keep in step with', remedy: 'Make one with `lathe hana add`, and choose it with `lathe init --hana NAME`.' },
  SYNC_CLIENT_OLD: { exit: 'remote', http: 409, retry: 'change', message: 'The tables in HANA are for Lathe from sync version {needed} on; this one has {has}', remedy: 'Install a newer Lathe; until then nothing is sent, and nothing is lost.' },
  SYNC_WRITTEN_BESIDE: { exit: 'remote', http: 503, retry: 'now', message: 'Rows of {table} in HANA changed without the clock of the sync', remedy: 'It is tried again; other programs may read the tables of Lathe, not write them.' },
  SYNC_CLOCK_MISSING: { exit: 'remote', http: 409, retry: 'change', message: 'The tables of Lathe in HANA are not set up: there is no clock of the sync', remedy: 'Run `lathe init --hana NAME` once, with a user who may create tables.' },
  SYNC_CONFLICT_UNKNOWN: { exit: 'usage', http: 404, retry: 'change', message: 'There is no conflict {conflict}', remedy: '`lathe sync conflicts` shows what is open.' },
  SYNC_CONFLICT_SETTLED: { exit: 'usage', http: 409, retry: 'change', message: 'The conflict {conflict} is settled already: {how} was kept', remedy: 'Change the thing itself; every version of it is kept with the conflict.' },
  SYNC_CONFLICT_ELSEWHERE: { exit: 'usage', http: 409, retry: 'change', message: 'The conflict {conflict} is about files that only {device} has', remedy: 'Settle it there.' },
  SYNC_ONE_ONLY: { exit: 'usage', http: 422, retry: 'change', message: 'Both cannot be kept: there is one {entity} {id}', remedy: 'Keep mine or theirs; the other stays readable with the conflict.' },
  ARTIFACT_ELSEWHERE: { exit: 'data', http: 409, retry: 'change', message: 'The files of {name}@{version} are not here: {problem}', remedy: 'Bring them with `lathe registry fetch {name}@{version}`.' },
  ARTIFACT_FOLDER_MISSING: { exit: 'usage', http: 409, retry: 'change', message: 'The files of {name}@{version} cannot be fetched: {problem}', remedy: 'Name a folder that all can reach as artifact_folder of the HANA connection, here and where the version was made.' },
} as const satisfies Record<string, ErrorRow>;
