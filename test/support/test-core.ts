/** The services over a real database in a folder of their own, with compute processes that train nothing. */
import { join } from 'node:path';
import type { CoreEvent } from '../../shared/contracts/calls.ts';
import type { RunState } from '../../shared/domain/run-state.ts';
import { composeRegistry } from '../../main/core/compose-registry.ts';
import { ComputeJobs } from '../../main/services/compute-jobs.ts';
import { EventHub } from '../../main/services/event-hub.ts';
import { Ledger } from '../../main/services/ledger.ts';
import { RunBook } from '../../main/services/run-book.ts';
import { Runs } from '../../main/services/runs.ts';
import { Scheduler, type SchedulerParts } from '../../main/services/scheduler.ts';
import { Shelves } from '../../main/services/shelves.ts';
import { findPaths } from '../../main/platform/paths.ts';
import type { StoredRun } from '../../main/store/run-rows.ts';
import { openStore } from '../../main/store/store.ts';
import { noAwake } from '../../main/workers/keep-awake.ts';
import { nodeForkTransport } from '../../main/workers/node-fork-transport.ts';
import { Supervisor } from '../../main/workers/supervisor.ts';
import { keepingLogger, type KeptLine } from './keeping-logger.ts';
import { testRequest } from './run-folder.ts';

export const testActor = { user: 'u', host: 'h', token: null } as const;
export const testCaller = { actor: testActor, role: 'admin' } as const;
const asked = { actor: testActor, action: 'test' } as const;

export interface TestCoreOptions extends Partial<
  Pick<SchedulerParts, 'cores' | 'freeMemory' | 'machine' | 'leavesOlder' | 'maxRestarts' | 'maxParallelRuns' | 'power' | 'awake'>
> {
  readonly now?: () => Date;
}

export interface QueueOptions {
  readonly data?: string;
  readonly threads?: number;
  readonly priority?: number;
}

let count = 0;

export function testCore(home: string, { now = () => new Date(), ...options }: TestCoreOptions = {}) {
  const lines: KeptLine[] = [];
  const log = keepingLogger(lines);
  const paths = findPaths({ LATHE_HOME: home });
  const store = openStore(join(home, 'lathe.db'), log);
  const hub = new EventHub(log);
  const events: CoreEvent[] = [];
  hub.subscribe((event) => events.push(event));
  const ledger = new Ledger({ store, hub, now, isConnected: () => false, onSealed: () => undefined });
  const book: RunBook = new RunBook({ store, ledger, hub, now, log, pidOf: (run) => scheduler.pidOf(run) });
  const supervisor = new Supervisor({
    transport: nodeForkTransport(),
    entry: join(import.meta.dirname, 'fake-compute-process.ts'),
    log,
    logPath: () => '/the.log',
    cache: '/cache',
    memoryRunOuts: () => 0,
  });
  const power = options.power ?? { isKnown: false, read: () => 'mains' as const };
  const engine = () => Promise.resolve({ answer: { features: [], isa: 'avx2' as const, kernels: [] }, fallen: [] });
  const jobs = new ComputeJobs({ supervisor, engine, power });
  const scheduler: Scheduler = new Scheduler({
    ...{ book, compute: jobs, log, cores: 2, freeMemory: () => 1_000 },
    ...{
      leavesOlder: false,
      maxRestarts: () => 2,
      maxParallelRuns: () => 9,
      onBegun: () => undefined,
      onDone: () => undefined,
      awake: noAwake,
      keepsAwake: () => true,
      retryMs: 20,
      ...options,
      power,
    },
  });
  let isClosed = false;
  const shelves = new Shelves(paths, home);
  const { planned } = composeRegistry({ paths, store, ledger, shelves, compute: jobs, log, now });
  const runs = new Runs({ paths, shelves, store, ledger, hub, book, scheduler, planned });
  return {
    ...{ store, hub, ledger, book, scheduler, runs, events, lines, paths, log, jobs },
    /** Queues a run; `model` says what its process does. */
    queue: (model: string, { data, threads, priority = 0 }: QueueOptions = {}): string => {
      const run = `20260101-000000-${String((count += 1)).padStart(4, '0')}`;
      const request = testRequest(model, { ...(data === undefined ? {} : { data }), ...(threads === undefined ? {} : { threads }) });
      const queued = book.queueTime();
      book.add({ run, name: null, dir: join(paths.runs, run), priority, created: queued, queued, request }, asked);
      scheduler.wake();
      return run;
    },
    /** Resolves when the run stands so, which it may have done before. */
    until: (run: string, is: (stored: StoredRun) => boolean): Promise<StoredRun> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (isClosed) return;
          const stored = store.runs.find(run);
          if (stored === null || !is(stored)) return;
          stop();
          resolve(stored);
        };
        const stop = hub.subscribe(() => setImmediate(look));
        look();
      }),
    states: (ids: readonly string[]): readonly RunState[] => ids.map((run) => store.runs.get(run).state),
    close: async () => {
      await scheduler.close();
      isClosed = true;
      store.close();
    },
  };
}
export type TestCore = ReturnType<typeof testCore>;
