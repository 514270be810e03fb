/** Makes a database that can be worked with again: from what of it can be read, and from the folders it is an index over. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '../../platform/atomic-files.ts';
import type { AuditVerdict } from '../../../shared/contracts/audit-calls.ts';
import type { Actor } from '../../../shared/domain/actor.ts';
import { isAppError } from '../../../shared/errors/app-error.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Paths } from '../../platform/paths.ts';
import { examineDatabase, setAside } from '../../store/examine-database.ts';
import type { Salvaged } from '../../store/salvage.ts';
import { openStore, type Store } from '../../store/store.ts';
import { AuditLog } from '../audit-log.ts';
import { indexBenchmarks, type IndexedBenchmarks } from '../benchmarks/recover-benchmarks.ts';
import { finishRestore } from '../backup/finish-restore.ts';
import { EventHub } from '../event-hub.ts';
import { indexRuns } from '../index-runs.ts';
import { Ledger } from '../ledger.ts';
import { recoverVersions, type indexVersions } from '../registry/index-versions.ts';
import { indexPlans } from '../registry/plan-file.ts';
import { reindexRun } from '../reindex-run.ts';
import { indexShelf } from '../shelf/index-shelf.ts';

export interface RepairRequest {
  readonly paths: Paths;
  readonly log: Logger;
  readonly actor: Actor;
  readonly now: Date;
}

export interface RepairResult {
  /** What was found. */
  readonly database: 'missing' | 'sound' | 'damaged';
  readonly problem: string | null;
  /** Where the damaged one lies now, as it was. */
  readonly kept: string | null;
  readonly salvaged: Salvaged | null;
  /** Runs and settings whose rows could not be understood, and the file that keeps these. */
  readonly refused: {
    readonly runs: readonly string[];
    readonly benchmarks: readonly string[];
    readonly settings: readonly string[];
    readonly file: string | null;
  };
  readonly runs: { readonly all: number; readonly added: readonly string[]; readonly unsound: readonly string[] };
  readonly versions: ReturnType<typeof indexVersions>;
  readonly shelf: ReturnType<typeof indexShelf>;
  readonly benchmarks: IndexedBenchmarks;
  readonly audit: AuditVerdict;
}

/** The caller owns the home. Throws STORE_NEWER, STORE_FOREIGN, RESTORE_UNFINISHED, DISK_FULL. */
export function repairHome({ paths, log, actor, now }: RepairRequest): RepairResult {
  finishRestore({ paths, log, actor });
  const path = join(paths.home, 'lathe.db');
  const found = examineDatabase(path);
  const kept = found.state === 'damaged' ? setAside(path, 'damaged', now) : null;
  const store = openStore(path, log.child('store'));
  try {
    const salvaged = kept === null ? null : store.salvage(kept, log);
    const refused = refuseRows(store, { home: paths.home, now });
    const { added, unsound } = indexRuns({ store, folder: paths.runs, log: log.child('index') });
    const versions = recoverVersions({ store, folder: paths.registry, log: log.child('index') }, { isWhole: found.state === 'sound' });
    const shelf = indexShelf({ store, paths, log: log.child('index') });
    const benchmarks = indexBenchmarks({ store, folder: paths.benchmarks, log: log.child('index') });
    readFiguresIn(store);
    indexPlans(store, log.child('index'));
    const audit = new AuditLog({ home: paths.home, rows: store.audit, log });
    const result: RepairResult = {
      database: found.state,
      problem: found.state === 'damaged' ? found.problem : null,
      kept,
      salvaged,
      refused,
      runs: { all: store.runs.ids().length, added, unsound },
      versions,
      shelf,
      benchmarks,
      audit: audit.verify(),
    };
    // What was told before may be told otherwise now: the connection gets everything anew.
    store.outbox.setConnection(null, now);
    // Nor is what was salvaged all that was seen of it: without a base nothing goes over what others have.
    if (found.state !== 'sound') store.syncState.forgetServer(null);
    const ledger = new Ledger({ store, hub: new EventHub(log), now: () => now, isConnected: () => false, onSealed: () => audit.keepHead() });
    ledger.record(() => ({ result: null, fact: { audit: { actor, action: 'store.repair', subject: 'store', after: result }, outbox: [], events: [] } }));
    return result;
  } finally {
    store.close();
  }
}

/** Taken out of the table and kept in a file, so that their folders can be read in. */
function refuseRows(store: Store, { home, now }: { home: string; now: Date }): RepairResult['refused'] {
  const runs = store.runs.ids().filter((run) => isRefused(() => store.runs.get(run)));
  const benchmarks = store.benchmarks.ids().filter((run) => isRefused(() => [store.benchmarks.get(run), store.scores.ofRun(run)]));
  const settings = store.settings.unsound();
  if (runs.length + benchmarks.length + settings.length === 0) return { runs: [], benchmarks: [], settings: [], file: null };
  const file = join(home, `refused-${now.toISOString().replaceAll(/[-:]|\.\d+/g, '')}.jsonl`);
  const rows = [
    ...runs.map((run) => ({ table: 'runs', row: store.runs.raw(run) })),
    ...benchmarks.map((run) => ({ table: 'benchmark_runs', row: store.benchmarks.raw(run) })),
    ...settings.map((row) => ({ table: 'settings', row })),
  ];
  writeFileAtomically(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  store.transaction(() => {
    for (const run of runs) store.runs.remove(run);
    for (const run of benchmarks) store.benchmarks.remove(run);
    for (const { key } of settings) store.settings.unset(key);
  });
  return { runs, benchmarks, settings: settings.map(({ key }) => key), file };
}

function isRefused(read: () => unknown): boolean {
  try {
    read();
    return false;
  } catch (error) {
    if (isAppError(error, 'STORE_ROW_INVALID')) return true;
    throw error;
  }
}

/** Where the folder is gone the rows are all there is, and stay. */
function readFiguresIn(store: Store): void {
  for (const id of store.runs.ids()) {
    const run = store.runs.get(id);
    if (existsSync(run.dir)) reindexRun(store, run);
  }
}
