/** Failures of what keeps things safe: backups, restoring and repairing. */
import type { ErrorRow } from './error-row.ts';

export const keepingCodes = {
  HOME_OWNED: { exit: 'usage', http: 409, retry: 'change', message: '{home} is in use by process {pid} ({what})', remedy: 'End it first; this needs the LATHE_HOME for itself.' },
  HOME_NOT_EMPTY: { exit: 'usage', http: 409, retry: 'change', message: '{home} is not empty, and its database is sound', remedy: 'Restore with --force (what it replaces is kept aside), or into another LATHE_HOME.' },
  BACKUP_PLACE: { exit: 'usage', http: 409, retry: 'change', message: '{path} cannot hold backups: {problem}', remedy: 'Name an empty folder outside LATHE_HOME, or one that holds backups already.' },
  BACKUP_NONE: { exit: 'data', http: 404, retry: 'change', message: '{path} holds no finished backup', remedy: 'Name a folder that `lathe backup` wrote to, or one of the backup-….json in it.' },
  BACKUP_DAMAGED: { exit: 'data', http: 422, retry: 'change', message: 'The backup {path} is damaged: {problem}', remedy: 'Choose another backup; nothing was changed.' },
  AUDIT_BROKEN: { exit: 'gate', http: 409, retry: 'never', message: 'The audit log is not as it was written, from row {row} on: {problem}', remedy: 'The {rows} rows before it are whole; compare the rest with a backup (`lathe restore` into another LATHE_HOME).' },
} as const satisfies Record<string, ErrorRow>;
