/** Builds the services that keep things safe and in order. */
import type { ComposedSync } from './compose-sync.ts';
import type { KeepingServices } from '../ipc/keeping-handlers.ts';
import type { Logger } from '../platform/logger.ts';
import type { Paths } from '../platform/paths.ts';
import { Backups } from '../services/backup/backups.ts';
import type { AuditLog } from '../services/audit-log.ts';
import type { Connection } from '../services/connection.ts';
import type { ComputeJobs } from '../services/compute-jobs.ts';
import type { EventHub } from '../services/event-hub.ts';
import type { Ledger } from '../services/ledger.ts';
import type { SettingsBook } from '../services/settings-book.ts';
import { Outbox } from '../services/outbox.ts';
import { Secrets } from '../services/secrets.ts';
import { HanaDatasets } from '../services/hana/data/hana-datasets.ts';
import type { StoredHanaDoor } from '../services/hana/hana-door.ts';
import { indexShelf } from '../services/shelf/index-shelf.ts';
import { ShelfBook } from '../services/shelf/shelf-book.ts';
import type { Shelves } from '../services/shelves.ts';
import type { Store } from '../store/store.ts';

export interface KeepingParts {
  readonly paths: Paths;
  readonly store: Store;
  readonly ledger: Ledger;
  readonly audit: AuditLog;
  readonly settings: SettingsBook;
  readonly shelves: Shelves;
  readonly compute: ComputeJobs;
  readonly log: Logger;
  readonly connection: Connection;
  readonly now: () => Date;
  readonly sync: ComposedSync;
  readonly hub: EventHub;
  readonly door: StoredHanaDoor;
}

export function composeKeeping(parts: KeepingParts): KeepingServices {
  const { paths, store, ledger, audit, settings, now, log, connection } = parts;
  indexShelf({ store, paths, log: log.child('index') });
  const outbox = new Outbox({ store, now, connection, log: log.child('outbox') });
  outbox.meetConnection();
  connection.onChange(() => {
    outbox.meetConnection();
    parts.sync.connectionChanged();
  });
  const datasets = new ShelfBook('dataset', parts);
  return {
    audit,
    settings,
    backups: new Backups({ home: paths.home, store, ledger, now }),
    models: new ShelfBook('model', parts),
    sync: parts.sync.calls,
    secrets: new Secrets({ home: paths.home, ledger, now, onPut: () => parts.sync.userActed() }),
    datasets,
    hanaDatasets: new HanaDatasets({ ...parts, shelf: datasets }),
  };
}
