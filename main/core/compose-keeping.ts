/** Builds the services that keep things safe and in order. */
import type { KeepingServices } from '../ipc/keeping-handlers.ts';
import type { Paths } from '../platform/paths.ts';
import { Backups } from '../services/backup/backups.ts';
import type { AuditLog } from '../services/audit-log.ts';
import type { Ledger } from '../services/ledger.ts';
import type { SettingsBook } from '../services/settings-book.ts';
import type { Store } from '../store/store.ts';

export interface KeepingParts {
  readonly paths: Paths;
  readonly store: Store;
  readonly ledger: Ledger;
  readonly audit: AuditLog;
  readonly settings: SettingsBook;
  readonly now: () => Date;
}

export function composeKeeping({ paths, store, ledger, audit, settings, now }: KeepingParts): KeepingServices {
  return { audit, settings, backups: new Backups({ home: paths.home, store, ledger, now }) };
}
