/** Failures of what keeps things safe: backups, restoring and repairing. */
import type { ErrorRow } from './error-row.ts';

export const keepingCodes = {
  HOME_OWNED: { exit: 'usage', http: 409, retry: 'change', message: '{home} is in use by process {pid} ({what})', remedy: 'End it first; this needs the LATHE_HOME for itself.' },
  HOME_NOT_EMPTY: { exit: 'usage', http: 409, retry: 'change', message: '{home} is not empty, and its database is sound', remedy: 'Restore with --force (what it replaces is kept aside), or into another LATHE_HOME.' },
  BACKUP_PLACE: { exit: 'usage', http: 409, retry: 'change', message: '{path} cannot hold backups: {problem}', remedy: 'Name a folder outside LATHE_HOME that is empty or holds backups already, or a new file that ends in .tar.' },
  BACKUP_NONE: { exit: 'data', http: 404, retry: 'change', message: '{path} holds no finished backup', remedy: 'Name a folder that `lathe backup` wrote to, one of the backup-….json in it, or a .tar that it made.' },
  RESTORE_UNFINISHED: { exit: 'data', http: 503, retry: 'change', message: 'A restore into {home} was cut off and cannot be brought to its end: {problem}', remedy: 'Run `lathe restore {backup}` again; what was there before is kept aside.' },
  NO_ROOM: { exit: 'fit', http: 507, retry: 'change', message: '{what} needs {needBytes} at {path}, where {haveBytes} are free', remedy: 'Free some space there, or choose another place; nothing was written.' },
  BACKUP_DAMAGED: { exit: 'data', http: 422, retry: 'change', message: 'The backup {path} is damaged: {problem}', remedy: 'Choose another backup; nothing was changed.' },
  AUDIT_BROKEN: { exit: 'gate', http: 409, retry: 'never', message: 'The audit log is not as it was written, from row {row} on: {problem}', remedy: 'The {rows} rows before it are whole; compare the rest with a backup (`lathe restore` into another LATHE_HOME).' },
  SHELF_NAME_TAKEN: { exit: 'usage', http: 409, retry: 'change', message: 'There is a {what} called {name} already', remedy: 'Choose another --name, or take that one off with `lathe {what} remove {name}`.' },
  SHELF_UNKNOWN: { exit: 'usage', http: 404, retry: 'change', message: 'There is no {what} called {name} on the shelf', remedy: '`lathe {what} list` shows what there is.' },
  SHELF_IN_USE: { exit: 'usage', http: 409, retry: 'change', message: 'The {what} {name} is what others were made from: {users}', remedy: 'Take it off all the same with --force; they stay.' },
  SHELF_KIND: { exit: 'data', http: 422, retry: 'change', message: '{path} is a {kind}, not a {wanted}', remedy: 'See `lathe inspect {path}`.' },
  SHELF_CHANGED: { exit: 'data', http: 409, retry: 'change', message: 'The {what} {name} at {path} is not what was added: {problem}', remedy: 'Bring the file back, or remove it and add it anew.' },
  SHELF_ENTRY_INVALID: { exit: 'data', http: 422, retry: 'change', message: '{path} is no sound entry of a shelf: {problem}', remedy: 'Remove its folder and add it anew.' },
  SECRET_UNKNOWN: { exit: 'usage', http: 404, retry: 'change', message: 'There is no secret {name}', remedy: '`lathe secret list` shows the names.' },
  SECRET_KEY_MISSING: { exit: 'usage', http: 409, retry: 'change', message: 'The secrets cannot be opened: nobody gave their passphrase', remedy: 'Set LATHE_SECRET_KEY, or run the command on a terminal, where it is asked for.' },
  SECRET_KEY_WRONG: { exit: 'usage', http: 409, retry: 'change', message: 'The passphrase does not open the secrets', remedy: 'Use the one they were set with (LATHE_SECRET_KEY).' },
  SECRET_KEYRING: { exit: 'usage', http: 409, retry: 'change', message: 'The key of the secrets is kept in {keeper}, which does not give it: {problem}', remedy: 'Unlock it and try again; where it is lost, remove the secrets and set them anew.' },
  SECRET_DAMAGED: { exit: 'data', http: 409, retry: 'change', message: 'The secret {name} is not as it was kept', remedy: 'Set it anew with `lathe secret set {name}`.' },
  SECRETS_FILE_INVALID: { exit: 'data', http: 409, retry: 'change', message: '{path} is no sound file of secrets (at {where})', remedy: 'Bring it back with `lathe restore`, or move it away and set the secrets anew.' },
} as const satisfies Record<string, ErrorRow>;
