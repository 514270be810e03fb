/** Builds what keeps this LATHE_HOME in step with HANA. */
import type { Logger } from '../platform/logger.ts';
import type { Paths } from '../platform/paths.ts';
import type { Connection } from '../services/connection.ts';
import type { EventHub } from '../services/event-hub.ts';
import type { HanaSession } from '../services/hana/hana-session.ts';
import type { Ledger } from '../services/ledger.ts';
import { FollowedVersions } from '../services/registry/followed-versions.ts';
import type { SharedArtifacts } from '../services/registry/shared-artifacts.ts';
import type { VersionBook } from '../services/registry/version-book.ts';
import { RegistryProjection } from '../services/sync/projection/registry-projection.ts';
import { Sync } from '../services/sync/sync.ts';
import { SyncWorker } from '../services/sync/sync-worker.ts';
import type { Store } from '../store/store.ts';
import packageJson from '../../package.json' with { type: 'json' };

export interface SyncNeeds {
  readonly paths: Paths;
  readonly store: Store;
  readonly ledger: Ledger;
  readonly hub: EventHub;
  readonly versions: { readonly book: VersionBook; readonly artifacts: SharedArtifacts };
  readonly connection: Connection;
  /** A session with the HANA that facts are told to. */
  readonly open: () => Promise<HanaSession>;
  readonly log: Logger;
  readonly now: () => Date;
}

export interface ComposedSync {
  readonly calls: Sync;
  /** Something waits to be told. */
  readonly wake: () => void;
  readonly connectionChanged: () => void;
  /** A secret was set anew: what stopped it may be mended. */
  readonly userActed: () => void;
  /** From now on by itself. */
  readonly start: () => void;
  readonly close: () => Promise<void>;
}

export function composeSync({ paths, store, ledger, hub, versions: { book, artifacts }, connection, open, log: parent, now }: SyncNeeds): ComposedSync {
  const log = parent.child('sync');
  const versions = new FollowedVersions({ store, ledger, now, folder: paths.registry, shown: (version) => book.shown(version) });
  const projection = new RegistryProjection({ store, versions, log });
  const worker = new SyncWorker({
    store,
    projection,
    connection,
    open,
    now,
    log,
    lathe: packageJson.version,
    onChanged: () => calls.tell(),
    onRound: () => artifacts.share(),
  });
  const calls: Sync = new Sync({ store, ledger, hub, connection, worker, versions, projection, now });
  return {
    calls,
    wake: () => {
      worker.wake();
      calls.tell();
    },
    connectionChanged: () => worker.connectionChanged(),
    userActed: () => worker.userActed(),
    start: () => worker.start(),
    close: () => worker.close(),
  };
}
