/** When a run of a schedule is done: tells which of its scores lie further below the last good ones than chance explains. A drop does not become what later scores are held against. */
import type { CoreEvent } from '../../../shared/contracts/calls.ts';
import type { BenchmarkResult } from '../../../shared/domain/benchmark-record.ts';
import { benchmarkIsActive, type ScoreDrop } from '../../../shared/domain/benchmark-run.ts';
import { ScheduleRules } from '../../../shared/domain/scheduler-config.ts';
import type { Logger } from '../../platform/logger.ts';
import type { StoredScore } from '../../store/score-rows.ts';
import type { Store } from '../../store/store.ts';
import type { BenchmarkBook } from '../benchmarks/benchmark-book.ts';
import { recordsPath } from '../benchmarks/benchmark-folder.ts';
import { compareValues, type Side } from '../benchmarks/compare-values.ts';
import { readItemValues } from '../benchmarks/item-values.ts';
import type { Ledger } from '../ledger.ts';

export interface ScoreDropsParts {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly book: BenchmarkBook;
  readonly log: Logger;
}

type Done = StoredScore & { readonly result: BenchmarkResult };

export class ScoreDrops {
  readonly #parts: ScoreDropsParts;
  readonly #judged = new Set<string>();
  /** One after the other, so that a run is held against what is known of those before it. */
  #work: Promise<void> = Promise.resolve();
  #isClosing = false;

  constructor(parts: ScoreDropsParts) {
    this.#parts = parts;
  }

  hear(event: CoreEvent): void {
    if (event.event !== 'benchmark.changed' || event.data.schedule === null) return;
    const { run, state } = event.data;
    if (benchmarkIsActive(state)) this.#judged.delete(run);
    else if (state !== 'interrupted') this.#judgeSoon(run);
  }

  /** The last run of each schedule: its host may have ended before it was judged. To judge it again says the same. */
  catchUp(): void {
    const { store } = this.#parts;
    for (const { name: schedule } of store.schedules.list()) {
      const [last] = store.benchmarks.list({ schedule, state: ['done', 'failed', 'stopped'], limit: 1, after: null }).runs;
      if (last?.drops.length === 0) this.#judgeSoon(last.run);
    }
  }

  /** When what has been heard of is judged. */
  settled(): Promise<void> {
    return this.#work;
  }

  close(): Promise<void> {
    this.#isClosing = true;
    return this.#work;
  }

  #judgeSoon(run: string): void {
    const { log } = this.#parts;
    if (this.#judged.has(run) || this.#isClosing) return;
    this.#judged.add(run);
    this.#work = this.#work
      .then(() => this.#judge(run))
      .catch((error: unknown) => log.error('a run of a schedule cannot be judged', { benchmark: run, problem: problemOf(error) }));
  }

  async #judge(run: string): Promise<void> {
    const { store, ledger, book, log } = this.#parts;
    const found = store.benchmarks.find(run);
    if (found === null || found.schedule === null) return;
    const { name: schedule } = found.schedule;
    const significance = store.schedules.find(schedule)?.rules.alert_significance ?? ScheduleRules.shape.alert_significance.parse(undefined);
    const drops: ScoreDrop[] = [];
    for (const score of store.scores.ofRun(run)) if (isDone(score)) drops.push(...(await this.#dropOf(score, significance)));
    if (drops.length === 0 && found.drops.length === 0) return;
    ledger.record(() => {
      book.change(run, { drops });
      const told: readonly CoreEvent[] = drops.length === 0 ? [] : [{ event: 'benchmark.dropped', data: { run, schedule, drops } }];
      return { result: null, fact: { audit: null, outbox: [], events: told } };
    });
    for (const { subject, task, words } of drops) log.warn('a score dropped', { schedule, benchmark: run, subject, task, words });
  }

  /** None where there is nothing to hold it against, or that was scored in another way. */
  async #dropOf(score: Done, significance: number): Promise<readonly ScoreDrop[]> {
    const { store, log } = this.#parts;
    const before = store.scores.lastGood(score);
    const [first] = score.result.metrics;
    if (before === null || !isDone(before) || first === undefined) return [];
    try {
      const found = await compareValues(await this.#side(before), await this.#side(score), { metric: first.name, confidence: 1 - significance });
      if (found.verdict !== 'worse') return [];
      const { difference, mcnemar, bootstrap_p: p, words } = found;
      return [{ task: score.task, subject: score.subject.label, score: score.score, before: before.score, difference, p: mcnemar?.p ?? p, words }];
    } catch (error) {
      log.warn('a score cannot be held against the last good one', { score: score.score, before: before.score, problem: problemOf(error) });
      return [];
    }
  }

  async #side(score: Done): Promise<Side> {
    const { dir } = this.#parts.store.benchmarks.get(score.run);
    return { score: score.score, label: score.subject.label, values: await readItemValues(recordsPath(dir, score)) };
  }
}

const isDone = (score: StoredScore): score is Done => score.state === 'done' && score.result !== null;

const problemOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
