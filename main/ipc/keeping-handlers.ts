/** Binds the calls about what keeps things safe to their services. */
import type { AuditLog } from '../services/audit-log.ts';
import type { SettingsBook } from '../services/settings-book.ts';
import type { Backups } from '../services/backup/backups.ts';
import type { HandlersOf } from './handlers.ts';
import type { keepingCalls } from '../../shared/contracts/keeping-calls.ts';

export interface KeepingServices {
  readonly backups: Backups;
  readonly audit: AuditLog;
  readonly settings: SettingsBook;
}

export function keepingHandlers({ backups, audit, settings }: KeepingServices): HandlersOf<keyof typeof keepingCalls> {
  return {
    'store.backup': (input, { actor }) => backups.make(input, actor),
    'audit.list': (input) => audit.list(input),
    'audit.verify': () => audit.verify(),
    'settings.list': () => settings.list(),
    'settings.set': (input, { actor }) => settings.set(input, actor),
  };
}
