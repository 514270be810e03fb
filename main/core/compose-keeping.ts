/** Builds the services that keep things safe and in order. */
import type { KeepingServices } from '../ipc/keeping-handlers.ts';
import type { Paths } from '../platform/paths.ts';
import { Backups } from '../services/backup/backups.ts';
import type { Ledger } from '../services/ledger.ts';
import type { Store } from '../store/store.ts';

export interface KeepingParts {
  readonly paths: Paths;
  readonly store: Store;
  readonly ledger: Ledger;
  readonly now: () => Date;
}

export function composeKeeping({ paths, store, ledger, now }: KeepingParts): KeepingServices {
  return { backups: new Backups({ home: paths.home, store, ledger, now }) };
}
