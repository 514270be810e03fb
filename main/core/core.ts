/** The application core: every service, built once by constructor arguments, behind one dispatcher. It knows neither Electron nor where it runs. */
import { join } from 'node:path';
import type { HostStatus } from '../../shared/contracts/host-calls.ts';
import type { Logger } from '../platform/logger.ts';
import { watchLoopLag } from '../platform/loop-lag.ts';
import type { Paths } from '../platform/paths.ts';
import type { SecretKeys } from '../platform/secret-keys.ts';
import type { Connection } from '../services/connection.ts';
import type { ComputeParts } from '../services/compute-jobs.ts';
import { AuditLog } from '../services/audit-log.ts';
import { EventHub } from '../services/event-hub.ts';
import type { HanaSession } from '../services/hana/hana-session.ts';
import { finishRestore } from '../services/backup/finish-restore.ts';
import { Hanas } from '../services/hana/hanas.ts';
import { Ledger } from '../services/ledger.ts';
import { indexRuns } from '../services/index-runs.ts';
import { indexPlans } from '../services/registry/plan-file.ts';
import { queueInterrupted, recoverRuns, type RecoveryParts } from '../services/recover-runs.ts';
import { RunBook } from '../services/run-book.ts';
import { Runs } from '../services/runs.ts';
import { Scheduler } from '../services/scheduler.ts';
import { SettingsBook } from '../services/settings-book.ts';
import { Shelves } from '../services/shelves.ts';
import { Answers } from '../services/answers.ts';
import { Tokens } from '../services/tokens.ts';
import type { Actor } from '../../shared/domain/actor.ts';
import { openStore, type Store } from '../store/store.ts';
import { Dispatcher } from '../ipc/dispatcher.ts';
import { composeBenchmarks, type BenchmarkNeeds, type ComposedBenchmarks } from './compose-benchmarks.ts';
import { composeDeploy } from './compose-deploy.ts';
import { chatStarter } from './chat-starter.ts';
import { composeDesk } from './compose-desk.ts';
import { composeHana, openChosen } from './compose-hana.ts';
import { composeKeeping } from './compose-keeping.ts';
import { machineParts } from './machine-parts.ts';
import { composeRegistry } from './compose-registry.ts';
import { composeSync, type ComposedSync } from './compose-sync.ts';
import { composeSchedules } from './compose-schedules.ts';
import packageJson from '../../package.json' with { type: 'json' };

export interface CoreParts {
  readonly paths: Paths;
  readonly log: Logger;
  readonly logPath: () => string;
  readonly compute: ComputeParts;
  readonly kind: HostStatus['kind'];
  /** Whose process this is. */
  readonly self: Actor;
  readonly now?: () => Date;
  /** Where facts are told to; left out: the HANA that was chosen. */
  readonly connection?: Connection;
  /** A session there; left out: with the HANA that was chosen. */
  readonly openHana?: () => Promise<HanaSession>;
  /** How this process opens secrets; left out: it opens none. */
  readonly secretKeys?: SecretKeys;
}

export interface Core {
  readonly dispatcher: Dispatcher;
  readonly hub: EventHub;
  /** Whether this host has work: something in a process, or such that it will start. */
  readonly isBusy: () => boolean;
  readonly tokens: Tokens;
  readonly answers: Answers;
  readonly started: string;
  /** How many clients are attached to the local door, and how many of their calls have no answer yet; set by it. */
  attached: () => number;
  answering: () => number;
  /** Whether somebody or something would lose by its end. */
  isNeeded(): boolean;
  /** Called when `host.end` was asked for. */
  onEnd: () => void;
  isToldToEnd(): boolean;
  /** Active runs make a checkpoint and end. */
  stopWork(): Promise<void>;
  /** After `stopWork`. */
  close(): void;
}

/** The caller owns the LATHE_HOME. Throws what opening the store throws. */
export function composeCore(parts: CoreParts): Core {
  const { paths, log, logPath, compute, kind, self, now = () => new Date(), secretKeys = null } = parts;
  finishRestore({ paths, log, actor: self });
  const store = openStore(join(paths.home, 'lathe.db'), log.child('store'));
  const hub = new EventHub(log);
  const started = now().toISOString();
  const audit = new AuditLog({ home: paths.home, rows: store.audit, log: log.child('audit') });
  const { door, chosen } = composeHana({ paths, store, compute, secretKeys, logPath, log });
  const connection = parts.connection ?? chosen;
  const ledger = new Ledger({ store, hub, now, isConnected: () => connection.id !== null, onSealed: () => audit.keepHead(), onQueued: () => sync.wake() });
  const settings = new SettingsBook({ store, ledger, now });
  const book: RunBook = new RunBook({ store, ledger, hub, now, log: log.child('runs'), pidOf: (run) => scheduler.pidOf(run) });
  const machine = machineParts(compute, { settings, kind });
  const scheduler: Scheduler = new Scheduler({
    ...machine,
    book,
    log: log.child('scheduler'),
    onBegun: (run) => versions.planned.keep(run),
    onDone: (run) => void versions.planned.settle(run).catch(() => undefined),
  });
  const shelves = new Shelves(paths, null);
  const common = { paths, store, ledger, shelves, compute: machine.compute, log, now };
  const versions = composeRegistry(common);
  const { registry, gates } = versions;
  const openHana = parts.openHana ?? (() => openChosen(door, chosen));
  const sync: ComposedSync = composeSync({ ...common, hub, versions, connection, open: openHana });
  const runs = new Runs({ ...common, hub, book, scheduler, planned: versions.planned });
  takeOver({ store, book, log }, { folder: paths.runs, goesOn: kind !== 'command' && settings.values.resume_interrupted });
  versions.planned.settleAll();
  // Deployments are put together below; nothing is asked of a server before.
  const open: BenchmarkNeeds['open'] = (target) => deploy.open(target);
  const scoring = composeBenchmarks({ paths, store, ledger, hub, settings, shelves, registry, machine, open, door, log, now });
  const byClock = composeSchedules({ store, ledger, hub, benchmarks: scoring, log, now });
  const tokens = new Tokens({ store, ledger, now, home: paths.home, self });
  const desk = composeDesk({ paths, logPath, log, store, settings, shelves, hub, now, jobs: machine.compute, compute, versions, scheduler, secretKeys });
  const chat = { start: chatStarter({ compute, logPath, log }), isTraining: () => scheduler.activeCount > 0 };
  const deploy = composeDeploy({ ...common, ...chat, machine, registry, gates, secretKeys, self, lasts: kind !== 'command' });
  const stopWatchingLag = watchLoopLag(log.child('core'));
  let isToldToEnd = false;
  const services = {
    ...{ runs, versions, scoring, tokens, desk, deploy },
    schedules: byClock.schedules,
    keeping: composeKeeping({ ...common, audit, settings, connection, sync, hub, door }),
    hana: { hanas: new Hanas({ store, ledger, door, chosen, now, home: paths.home }) },
    status: () => statusOf({ paths, kind, started, store, scheduler, scoring, attached: core.attached() }),
    end: (): void => {
      isToldToEnd = true;
      core.onEnd();
    },
  };
  const core: Core = {
    dispatcher: new Dispatcher(services, log.child('calls')),
    isToldToEnd: () => isToldToEnd,
    hub,
    isBusy: () => scheduler.isBusy || scoring.queue.isBusy || deploy.isBusy(),
    tokens,
    answers: new Answers(store.answers, now),
    started,
    attached: () => 0,
    answering: () => 0,
    isNeeded: () => core.isBusy() || core.attached() > 0 || core.answering() > 0 || versions.planned.isWorking,
    onEnd: () => undefined,
    stopWork: async () => {
      desk.lookIns.close();
      desk.chats.close();
      await Promise.all([scheduler.close(), scoring.queue.close(), deploy.close(), byClock.close(), sync.close()]);
      await versions.planned.close();
      door.close();
    },
    close: () => {
      stopWatchingLag();
      store.close();
    },
  };
  begin({ scheduler, scoring, byClock, sync }, kind);
  return core;
}

interface ByThemselves {
  readonly scheduler: Scheduler;
  readonly scoring: Pick<ComposedBenchmarks, 'queue'>;
  readonly byClock: { readonly start: (kind: HostStatus['kind']) => void };
  readonly sync: ComposedSync;
}

/** What goes on without being asked. */
function begin({ scheduler, scoring, byClock, sync }: ByThemselves, kind: HostStatus['kind']): void {
  scheduler.wake();
  scoring.queue.wake();
  byClock.start(kind);
  if (kind !== 'command') sync.start();
}

/** Runs come to stand as their folders tell, whatever an earlier host left. */
function takeOver({ store, book, log }: RecoveryParts, { folder, goesOn }: { readonly folder: string; readonly goesOn: boolean }): void {
  // Also where a first start was cut short between the database and this.
  if (store.runs.isEmpty()) {
    indexRuns({ store, folder, log: log.child('index') });
    indexPlans(store, log.child('index'));
  }
  const recovery = { store, book, log: log.child('recovery') };
  recoverRuns(recovery);
  if (goesOn) queueInterrupted(recovery);
}

interface StatusParts extends Pick<HostStatus, 'kind' | 'started' | 'attached'> {
  readonly paths: Paths;
  readonly store: Store;
  readonly scheduler: Scheduler;
  readonly scoring: Pick<ComposedBenchmarks, 'queue'>;
}

const statusOf = ({ paths, kind, started, store, scheduler, scoring, attached }: StatusParts): HostStatus => ({
  pid: process.pid,
  version: packageJson.version,
  home: paths.home,
  kind,
  started,
  attached,
  runs: { queued: store.runs.queuedCount(), active: scheduler.activeCount, by_state: store.runs.countByState() },
  benchmarks: { queued: store.benchmarks.count(['queued']), active: scoring.queue.activeCount },
});
