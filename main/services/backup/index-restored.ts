/** After a restore: what is newer than the backup is read in again, and the audit log tells of it, once. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import type { Actor } from '../../../shared/domain/actor.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Paths } from '../../platform/paths.ts';
import { openStore, type Store } from '../../store/store.ts';
import { AuditLog } from '../audit-log.ts';
import { indexBenchmarks } from '../benchmarks/recover-benchmarks.ts';
import { EventHub } from '../event-hub.ts';
import { indexRuns } from '../index-runs.ts';
import { Ledger } from '../ledger.ts';
import { recoverVersions } from '../registry/index-versions.ts';
import { indexPlans } from '../registry/plan-file.ts';
import type { RestoredHome, RestoreResult } from './restore-result.ts';

interface Restored {
  readonly paths: Paths;
  readonly log: Logger;
  readonly actor: Actor;
  readonly now: Date;
}

export function indexRestored(restored: RestoreResult, { paths, log, actor, now }: Restored): RestoredHome {
  const store = openStore(join(paths.home, 'lathe.db'), log.child('store'));
  try {
    const runs = indexRuns({ store, folder: paths.runs, log: log.child('index') });
    bringHome(store, paths.runs);
    const versions = recoverVersions({ store, folder: paths.registry, log: log.child('index') }, { isWhole: false });
    const benchmarks = indexBenchmarks({ store, folder: paths.benchmarks, log: log.child('index') });
    indexPlans(store, log.child('index'));
    const result = { ...restored, added: [...runs.added, ...versions.added, ...benchmarks.added] };
    if (!isTold(store, now)) tell(store, { paths, log, actor, now }, result);
    return result;
  } finally {
    store.close();
  }
}

/** A home that is not where the one of the backup was: its runs lie here now, not there. */
function bringHome(store: Store, folder: string): void {
  const folders = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  for (const dir of folders) {
    const known = store.runs.findByFolder(dir) === null ? store.runs.find(basename(dir)) : null;
    if (known === null || basename(known.dir) !== basename(dir)) continue;
    const { run, result } = known;
    const adapter = result?.adapter.startsWith(known.dir + sep) === true ? join(dir, relative(known.dir, result.adapter)) : null;
    store.runs.update(run, { dir, ...(result === null || adapter === null ? {} : { result: { ...result, adapter } }) });
  }
}

/** Before a kill. */
function isTold(store: Store, now: Date): boolean {
  const [last] = store.audit.list({ limit: 1, before: null });
  return last?.action === 'store.restore' && last.at === now.toISOString();
}

function tell(store: Store, { paths, log, actor, now }: Restored, result: RestoredHome): void {
  const audit = new AuditLog({ home: paths.home, rows: store.audit, log });
  // What was told before may be told otherwise now: the connection gets everything anew.
  store.outbox.setConnection(null, now);
  const ledger = new Ledger({ store, hub: new EventHub(log), now: () => now, isConnected: () => false, onSealed: () => audit.keepHead() });
  ledger.record(() => ({ result: null, fact: { audit: { actor, action: 'store.restore', subject: 'store', after: result }, outbox: [], events: [] } }));
}
