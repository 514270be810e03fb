/** What can be done with benchmarks. Whoever asks, through whichever door, comes here. */
import { rmSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { OutputOf, ParsedInputOf } from '../../../shared/contracts/calls.ts';
import type { BenchmarkRunDetails } from '../../../shared/contracts/benchmark-calls.ts';
import { benchmarkIsActive, type BenchmarkRequest } from '../../../shared/domain/benchmark-run.ts';
import type { BenchmarkTask } from '../../../shared/domain/benchmark-task.ts';
import { newRunId } from '../../../shared/domain/run-id.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Paths } from '../../platform/paths.ts';
import type { Store } from '../../store/store.ts';
import type { Caller } from '../caller.ts';
import type { BenchmarkBook } from './benchmark-book.ts';
import type { BenchmarkItems } from './benchmark-items.ts';
import type { BenchmarkQueue } from './benchmark-queue.ts';
import type { BenchmarkTasks } from './benchmark-tasks.ts';
import type { DeployedModels } from './deployed-models.ts';
import type { HanaItems } from '../hana/data/hana-items.ts';
import type { Subjects } from './subjects.ts';

export interface BenchmarksParts {
  readonly paths: Paths;
  readonly store: Store;
  readonly book: BenchmarkBook;
  readonly queue: BenchmarkQueue;
  readonly subjects: Subjects;
  readonly tasks: BenchmarkTasks;
  readonly deployed: Pick<DeployedModels, 'requireFit'>;
  readonly items: BenchmarkItems;
  /** Fetches items that a task has in a HANA. */
  readonly hanaItems: Pick<HanaItems, 'fetch'>;
}

/** The schedule that starts a run, and for which of its times. */
export interface Slot {
  readonly schedule: NonNullable<BenchmarkRunDetails['schedule']>;
  /** Called with the run's name in the transaction that adds it: where it throws there is no run. */
  readonly claim: (run: string) => void;
}
type By = Pick<Caller, 'actor' | 'revision'>;

export class Benchmarks {
  readonly #parts: BenchmarksParts;

  constructor(parts: BenchmarksParts) {
    this.#parts = parts;
  }

  tasks(): OutputOf<'benchmarks.tasks'> {
    return { ...this.#parts.tasks.list(), folder: this.#parts.paths.benchmarks };
  }

  /** Everything that it names is looked up before it is queued. */
  async start(request: BenchmarkRequest, { actor }: Pick<Caller, 'actor'>, slot: Slot | null = null): Promise<BenchmarkRunDetails> {
    const { book, queue, subjects, deployed, paths } = this.#parts;
    const tasks = await this.#tasksOf(request);
    const found = await subjects.find(request);
    const declarations = tasks.map(({ declared }) => declared);
    for (const subject of found) await deployed.requireFit(subject, declarations, request);
    const created = book.time();
    const run = newRunId(new Date(created));
    const pairs = found.flatMap((subject) => tasks.map(({ declared, data }) => ({ subject, declared, data })));
    const scores = pairs.map((pair, i) => ({ ...pair, position: i + 1 }));
    const dir = join(paths.benchmarks, 'runs', run);
    const schedule = slot?.schedule ?? null;
    const asked = { actor, action: 'benchmarks.start' };
    const details = book.add({ run, dir, created, queued: book.queueTime(), request, schedule }, { scores, asked, claim: slot?.claim });
    queue.wake();
    return details;
  }

  /** Each once. Throws BENCHMARK_UNKNOWN, BENCHMARK_TASK_INVALID, BENCHMARK_DATA_MISSING, INPUT_INVALID, HANA_*. */
  async #tasksOf({ benchmarks, data_folder: folder }: BenchmarkRequest): Promise<readonly { readonly declared: BenchmarkTask; readonly data: string }[]> {
    const { tasks, hanaItems } = this.#parts;
    const found = new Map<string, BenchmarkTask>();
    for (const reference of benchmarks) {
      const declared = tasks.find(reference);
      const same = found.get(declared.name);
      if (same !== undefined && JSON.stringify(same) !== JSON.stringify(declared))
        throw new AppError('INPUT_INVALID', { where: 'benchmarks.start.benchmarks', problem: `two different tasks are called ${declared.name}` });
      found.set(declared.name, declared);
    }
    const dataOf = async (declared: BenchmarkTask): Promise<string> => {
      const { name, data } = declared;
      return data.hana === undefined || folder !== null ? tasks.dataOf(declared, folder) : hanaItems.fetch(name, data.hana);
    };
    return Promise.all([...found.values()].map(async (declared) => ({ declared, data: await dataOf(declared) })));
  }

  list(filter: ParsedInputOf<'benchmarks.list'>): OutputOf<'benchmarks.list'> {
    const { runs, next } = this.#parts.store.benchmarks.list(filter);
    return { runs: runs.map((run) => this.#parts.book.shown(run)), next };
  }

  get(run: string): BenchmarkRunDetails {
    return this.#parts.book.details(run);
  }

  stop({ run, force }: ParsedInputOf<'benchmarks.stop'>, by: By): BenchmarkRunDetails {
    const { book, queue } = this.#parts;
    this.#require(run, { isActive: true, change: 'be stopped' });
    const ended = book.time();
    book.change(run, {}, { asked: { ...by, action: 'benchmarks.stop' }, each: ({ state }) => (state === 'waiting' ? { state: 'stopped', ended } : null) });
    queue.stop(run, { force });
    return book.details(run);
  }

  resume(run: string, by: By): BenchmarkRunDetails {
    const { book, queue } = this.#parts;
    const { state } = this.#require(run, { isActive: false, change: 'go on' });
    if (state === 'done') throw new AppError('BENCHMARK_STATE', { run, state, change: 'go on' });
    book.change(
      run,
      { state: 'queued', queued: book.queueTime(), ended: null, error: null },
      { asked: { ...by, action: 'benchmarks.resume' }, each: (score) => (score.state === 'done' ? null : { state: 'waiting', ended: null, error: null }) },
    );
    queue.wake();
    return book.details(run);
  }

  remove(run: string, by: By): null {
    const { book, items, paths } = this.#parts;
    this.#require(run, { isActive: false, change: 'be removed' });
    const { dir } = book.remove(run, { ...by, action: 'benchmarks.remove' });
    items.forget(run);
    if (dir.startsWith(paths.benchmarks + sep)) rmSync(dir, { recursive: true, force: true });
    return null;
  }

  scores(filter: ParsedInputOf<'benchmarks.scores'>): OutputOf<'benchmarks.scores'> {
    const { scores, next } = this.#parts.store.scores.list(filter);
    return { scores: scores.map((score) => this.#parts.book.shownScore(score)), next };
  }

  items(input: ParsedInputOf<'benchmarks.items'>): Promise<OutputOf<'benchmarks.items'>> {
    const { store, items } = this.#parts;
    const score = store.scores.get(input.score);
    return items.page({ score, dir: store.benchmarks.get(score.run).dir }, input);
  }

  /** Throws BENCHMARK_RUN_UNKNOWN, BENCHMARK_STATE. */
  #require(run: string, { isActive, change }: { readonly isActive: boolean; readonly change: string }): { readonly state: string } {
    const { state } = this.#parts.book.get(run);
    if (benchmarkIsActive(state) !== isActive) throw new AppError('BENCHMARK_STATE', { run, state, change });
    return { state };
  }
}
