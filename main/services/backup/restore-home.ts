/** Restoring as a whole: the backup comes back, what is newer than it is read in again, and the audit log tells of it. */
import { join } from 'node:path';
import type { Actor } from '../../../shared/domain/actor.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Paths } from '../../platform/paths.ts';
import { recoverVersions } from '../registry/index-versions.ts';
import { indexPlans } from '../registry/plan-file.ts';
import { openStore } from '../../store/store.ts';
import { AuditLog } from '../audit-log.ts';
import { EventHub } from '../event-hub.ts';
import { indexRuns } from '../index-runs.ts';
import { Ledger } from '../ledger.ts';
import { restoreBackup, type RestoreRequest, type RestoreResult } from './restore-backup.ts';

export interface RestoreHomeRequest extends Omit<RestoreRequest, 'home'> {
  readonly paths: Paths;
  readonly log: Logger;
  readonly actor: Actor;
}

/** `added`: runs and versions that only their folders knew of. */
export type RestoredHome = RestoreResult & { readonly added: readonly string[] };

/** The caller owns the home. Throws what `restoreBackup` throws. */
export async function restoreHome({ paths, log, actor, ...request }: RestoreHomeRequest): Promise<RestoredHome> {
  const restored = await restoreBackup({ home: paths.home, ...request });
  const store = openStore(join(paths.home, 'lathe.db'), log.child('store'));
  try {
    const runs = indexRuns({ store, folder: paths.runs, log: log.child('index') });
    const versions = recoverVersions({ store, folder: paths.registry, log: log.child('index') }, { isWhole: false });
    indexPlans(store, log.child('index'));
    const added = [...runs.added, ...versions.added];
    const result = { ...restored, added };
    const audit = new AuditLog({ home: paths.home, rows: store.audit, log });
    // What was told before may be told otherwise now: the connection gets everything anew.
    store.outbox.setConnection(null, request.now);
    const ledger = new Ledger({ store, hub: new EventHub(log), now: () => request.now, isConnected: () => false, onSealed: () => audit.keepHead() });
    ledger.record(() => ({ result: null, fact: { audit: { actor, action: 'store.restore', subject: 'store', after: result }, outbox: [], events: [] } }));
    return result;
  } finally {
    store.close();
  }
}
