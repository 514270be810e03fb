/** The queue of benchmarks over the services of a test core, with compute processes that score nothing. */
import { join } from 'node:path';
import { BenchmarkRequest, type BenchmarkRequestInput, type BenchmarkSubject } from '../../shared/domain/benchmark-run.ts';
import { BenchmarkTask } from '../../shared/domain/benchmark-task.ts';
import { BenchmarkBook } from '../../main/services/benchmarks/benchmark-book.ts';
import { DeployedModels } from '../../main/services/benchmarks/deployed-models.ts';
import { BenchmarkQueue, type BenchmarkQueueParts } from '../../main/services/benchmarks/benchmark-queue.ts';
import { MachineRoom } from '../../main/services/machine-room.ts';
import type { StoredBenchmark } from '../../main/store/benchmark-rows.ts';
import { noAwake } from '../../main/workers/keep-awake.ts';
import { testActor, testCore, type TestCoreOptions } from './test-core.ts';

export const testTask = (name: string): BenchmarkTask =>
  BenchmarkTask.parse({
    ...{ kind: 'multiple_choice', name, title: name, version: 1, data: { file: name, url: '', split: 'test', licence: 'CC0-1.0' } },
    ...{ prompt: '{{ q }}', choices: { field: 'c' }, answer: { field: 'a' }, metrics: ['acc'] },
  });

export const testSubject = (label: string, model = label): BenchmarkSubject => ({ label, kind: 'model', model, adapter: null, version: null, target: null });

let count = 0;

type Options = TestCoreOptions & Partial<Pick<BenchmarkQueueParts, 'leavesOlder' | 'maxRestarts' | 'power'>>;

export function testBenchmarks(home: string, options: Options = {}) {
  const machine = new MachineRoom();
  const core = testCore(home, { ...options, machine });
  const { store, ledger, hub, log, paths, jobs } = core;
  const now = options.now ?? ((): Date => new Date());
  const book: BenchmarkBook = new BenchmarkBook({ store, ledger, hub, now, log, etaOf: (score) => queue.etaOf(score) });
  const deployed = new DeployedModels({ store, open: () => Promise.reject(new Error('nothing is deployed here')) });
  const queue: BenchmarkQueue = new BenchmarkQueue({
    ...{ book, compute: jobs, deployed, log, machine, cores: 2, freeMemory: () => 2 ** 40, awake: noAwake, keepsAwake: () => true, leavesOlder: false },
    ...{ maxRestarts: () => 2, maxParallelRuns: () => 9, retryMs: 20, power: { isKnown: false, read: () => 'mains' as const }, ...options },
  });
  return {
    ...core,
    ...{ benchmarks: book, benchmarkQueue: queue },
    /** Queues a run; the models say what their processes do. */
    score: (models: readonly string[], tasks: readonly string[], settings: Partial<BenchmarkRequestInput> = {}): string => {
      const run = `20260202-000000-${String((count += 1)).padStart(4, '0')}`;
      const pairs = models.flatMap((model) => tasks.map((task) => ({ subject: testSubject(model), declared: testTask(task), data: '/items.jsonl' })));
      const request = BenchmarkRequest.parse({ models, benchmarks: tasks, ...settings });
      const created = book.queueTime();
      const dir = join(paths.benchmarks, 'runs', run);
      const scores = pairs.map((pair, i) => ({ ...pair, position: i + 1 }));
      book.add({ run, dir, created, queued: created, request, schedule: null }, { scores, asked: { actor: testActor, action: 'test' } });
      queue.wake();
      return run;
    },
    /** Resolves when the run stands so, which it may have done before. */
    untilScored: (run: string, is: (stored: StoredBenchmark) => boolean): Promise<StoredBenchmark> =>
      new Promise((resolve) => {
        const look = (): void => {
          const stored = store.benchmarks.find(run);
          if (stored === null || !is(stored)) return;
          stop();
          resolve(stored);
        };
        const stop = hub.subscribe(look);
        look();
      }),
    statesOf: (run: string): readonly string[] => store.scores.ofRun(run).map(({ state }) => state),
    close: async () => {
      await queue.close();
      await core.close();
    },
  };
}
export type TestBenchmarks = ReturnType<typeof testBenchmarks>;
