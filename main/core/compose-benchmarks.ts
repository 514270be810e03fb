/** Builds the services of benchmarks over what the core gives them. */
import { join, sep } from 'node:path';
import type { Target } from '../../shared/domain/target.ts';
import type { Logger } from '../platform/logger.ts';
import type { Paths } from '../platform/paths.ts';
import { BenchmarkBook } from '../services/benchmarks/benchmark-book.ts';
import { BenchmarkItems } from '../services/benchmarks/benchmark-items.ts';
import { BenchmarkQueue } from '../services/benchmarks/benchmark-queue.ts';
import { BenchmarkTasks } from '../services/benchmarks/benchmark-tasks.ts';
import { Benchmarks } from '../services/benchmarks/benchmarks.ts';
import { DeployedModels } from '../services/benchmarks/deployed-models.ts';
import { Comparisons } from '../services/benchmarks/comparisons.ts';
import { indexBenchmarks, queueInterruptedBenchmarks, recoverBenchmarks } from '../services/benchmarks/recover-benchmarks.ts';
import { Subjects } from '../services/benchmarks/subjects.ts';
import { HanaItems } from '../services/hana/data/hana-items.ts';
import type { StoredHanaDoor } from '../services/hana/hana-door.ts';
import type { OpenTarget } from '../services/deploy/steps/step-act.ts';
import type { EventHub } from '../services/event-hub.ts';
import type { Ledger } from '../services/ledger.ts';
import type { Registry } from '../services/registry/registry.ts';
import type { SettingsBook } from '../services/settings-book.ts';
import type { Shelves } from '../services/shelves.ts';
import type { Store } from '../store/store.ts';
import type { MachineParts } from './machine-parts.ts';

export interface BenchmarkNeeds {
  readonly paths: Paths;
  readonly store: Store;
  readonly ledger: Ledger;
  readonly hub: EventHub;
  readonly settings: SettingsBook;
  readonly shelves: Shelves;
  readonly registry: Registry;
  readonly machine: MachineParts;
  /** Speaks with the servers of a target. */
  readonly open: (target: Target) => Promise<OpenTarget>;
  readonly door: StoredHanaDoor;
  readonly log: Logger;
  readonly now: () => Date;
}

export interface ComposedBenchmarks {
  readonly benchmarks: Benchmarks;
  readonly book: BenchmarkBook;
  readonly queue: BenchmarkQueue;
  readonly items: BenchmarkItems;
  readonly comparisons: Comparisons;
}

/** What an earlier host left is brought to where it stands first. */
export function composeBenchmarks(needs: BenchmarkNeeds): ComposedBenchmarks {
  const { paths, store, ledger, hub, settings, shelves, registry, machine, door, now } = needs;
  const log = needs.log.child('benchmarks');
  const book: BenchmarkBook = new BenchmarkBook({ store, ledger, hub, now, log, etaOf: (score) => queue.etaOf(score) });
  const deployed = new DeployedModels({ store, open: needs.open });
  const queue: BenchmarkQueue = new BenchmarkQueue({ ...machine, book, deployed, log });
  const tasks = new BenchmarkTasks(paths.benchmarks);
  const subjects = new Subjects({ paths, shelves, registry, deployed, onShelf: (sha256) => shelfPath(store, sha256) });
  const items = new BenchmarkItems();
  if (store.benchmarks.isEmpty()) indexBenchmarks({ store, folder: paths.benchmarks, log });
  store.benchmarks.placeIn(join(paths.benchmarks, 'runs') + sep);
  recoverBenchmarks({ store, book, log });
  if (!machine.leavesOlder && settings.values.resume_interrupted) queueInterruptedBenchmarks({ store, book, log });
  const hanaItems = new HanaItems({ door, cache: paths.cache, folder: join(paths.benchmarks, 'hana'), log });
  const comparisons = new Comparisons((score) => store.scores.get(score));
  return { benchmarks: new Benchmarks({ paths, store, book, queue, subjects, tasks, deployed, items, hanaItems }), book, queue, items, comparisons };
}

function shelfPath(store: Store, sha256: string): string | null {
  const name = store.shelf.nameOf('model', sha256);
  return name === null ? null : (store.shelf.find('model', name)?.path ?? null);
}
