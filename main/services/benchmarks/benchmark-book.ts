/** Benchmark runs and scores of the store, with every change told: what the queue and the service write through. */
import type { CoreEvent } from '../../../shared/contracts/calls.ts';
import type { BenchmarkRun, BenchmarkRunDetails } from '../../../shared/contracts/benchmark-calls.ts';
import type { Actor } from '../../../shared/domain/actor.ts';
import type { BenchmarkScore } from '../../../shared/domain/benchmark-run.ts';
import type { Logger } from '../../platform/logger.ts';
import type { BenchmarkUpdate, BenchmarkView, NewBenchmark, StoredBenchmark } from '../../store/benchmark-rows.ts';
import type { OutboxFact } from '../../store/outbox-rows.ts';
import type { NewScore, ScoreUpdate, StoredScore } from '../../store/score-rows.ts';
import type { Store } from '../../store/store.ts';
import type { EventHub } from '../event-hub.ts';
import type { Ledger } from '../ledger.ts';
import { requireRevision } from '../revision.ts';
import { writeBenchmarkRecord } from './benchmark-folder.ts';
import { secondsLeft } from './seconds-left.ts';

export interface BenchmarkBookParts {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly hub: EventHub;
  readonly now: () => Date;
  readonly log: Logger;
  /** Of a score that is being made; asked when it is shown. */
  readonly etaOf: (score: string) => number | null;
}

/** Who asked for a change; null: it happened by itself. */
export type Asked = { readonly actor: Actor; readonly action: string; readonly revision?: number | undefined } | null;

export interface Addition {
  readonly scores: readonly Omit<NewScore, 'run'>[];
  readonly asked: NonNullable<Asked>;
  /** A part of the change: where it throws, nothing is added. */
  readonly claim?: ((run: string) => void) | undefined;
}

export class BenchmarkBook {
  readonly #parts: BenchmarkBookParts;

  constructor(parts: BenchmarkBookParts) {
    this.#parts = parts;
  }

  time(): string {
    return this.#parts.now().toISOString();
  }

  get(run: string): StoredBenchmark {
    return this.#parts.store.benchmarks.get(run);
  }

  score(score: string): StoredScore {
    return this.#parts.store.scores.get(score);
  }

  scoresOf(run: string): readonly StoredScore[] {
    return this.#parts.store.scores.ofRun(run);
  }

  queue(): readonly StoredBenchmark[] {
    return this.#parts.store.benchmarks.queue();
  }

  nextWaiting(run: string): StoredScore | null {
    return this.#parts.store.scores.nextWaiting(run);
  }

  /** Later than all that wait, also where the clock was set back or stands still. */
  queueTime(): string {
    const now = this.#parts.now().getTime();
    const last = this.#parts.store.benchmarks.lastQueued();
    return new Date(Math.max(now, last === null ? now : Date.parse(last) + 1)).toISOString();
  }

  /** Its folder is there before anything is queued. Throws DISK_FULL, FILE_FORBIDDEN. */
  add(run: NewBenchmark, { scores, asked, claim }: Addition): BenchmarkRunDetails {
    const { ledger, store } = this.#parts;
    return ledger.record(() => {
      claim?.(run.run);
      store.benchmarks.insert(run);
      for (const score of scores) store.scores.insert({ ...score, run: run.run });
      writeBenchmarkRecord(this.get(run.run), this.scoresOf(run.run));
      const { subjects, tasks } = store.benchmarks.view(run.run);
      const audit = { actor: asked.actor, action: asked.action, subject: subjectOf(run.run), after: { subjects, tasks, schedule: run.schedule } };
      return { result: this.details(run.run), fact: { audit, outbox: [], events: [this.#changed(run.run)] } };
    });
  }

  /** Changes the run, and such of its scores as `each` has a change for. Throws PRECONDITION_FAILED. */
  change(
    id: string,
    changes: BenchmarkUpdate,
    { asked = null, each = () => null }: { asked?: Asked; each?: (score: StoredScore) => ScoreUpdate | null } = {},
  ): void {
    const { ledger, store } = this.#parts;
    ledger.record(() => {
      const before = store.benchmarks.view(id);
      requireSameBenchmark(before, asked);
      const scores = this.scoresOf(id).flatMap((score) => {
        const change = each(score);
        return change === null ? [] : [store.scores.update(score.score, change)];
      });
      store.benchmarks.update(id, changes);
      const { state } = store.benchmarks.view(id);
      const audit =
        asked === null ? null : { actor: asked.actor, action: asked.action, subject: subjectOf(id), before: { state: before.state }, after: { state } };
      return { result: null, fact: { audit, outbox: [], events: [...scores.map((score) => this.#scored(score)), this.#changed(id)] } };
    });
    this.#keep(id);
  }

  /** A score, and with it its run. */
  changeScore(score: string, changes: ScoreUpdate, ofRun: BenchmarkUpdate = {}): StoredScore {
    const { ledger, store } = this.#parts;
    const changed = ledger.record(() => {
      const stored = store.scores.update(score, changes);
      store.benchmarks.update(stored.run, ofRun);
      const outbox = stored.result === null ? [] : [scoreFact(stored)];
      return { result: stored, fact: { audit: null, outbox, events: [this.#scored(stored), this.#changed(stored.run)] } };
    });
    this.#keep(changed.run);
    return changed;
  }

  /** How far a score is: told, and kept where that costs nothing. */
  progressed(score: string, { done, total }: { readonly done: number; readonly total: number }): void {
    const { store, hub, log } = this.#parts;
    try {
      hub.publish(this.#scored(store.unflushedTransaction(() => store.scores.update(score, { done, total }))));
    } catch (error) {
      log.warn('how far a score is cannot be written', { score, problem: problemOf(error) });
    }
  }

  remove(id: string, asked: NonNullable<Asked>): StoredBenchmark {
    const { ledger, store } = this.#parts;
    return ledger.record(() => {
      const run = store.benchmarks.get(id);
      requireSameBenchmark(run, asked);
      const outbox = this.scoresOf(id)
        .filter(({ result }) => result !== null)
        .map((score): OutboxFact => ({ entity: 'benchmark', id: score.score, schema: 1, payload: null }));
      store.benchmarks.remove(id);
      const audit = { actor: asked.actor, action: asked.action, subject: subjectOf(id), before: { state: run.state, dir: run.dir }, after: null };
      return { result: run, fact: { audit, outbox, events: [{ event: 'benchmark.removed', data: { run: id } }] } };
    });
  }

  details(id: string): BenchmarkRunDetails {
    const { store } = this.#parts;
    const scores = this.scoresOf(id);
    const { request } = store.benchmarks.get(id);
    return { ...this.#shownWith(store.benchmarks.view(id), scores), request, scores: scores.map((score) => this.shownScore(score)) };
  }

  /** As callers see it. */
  shown(view: BenchmarkView): BenchmarkRun {
    return this.#shownWith(view, view.state === 'running' || view.state === 'queued' ? this.scoresOf(view.run) : []);
  }

  shownScore({ position: _, declared: __, data: ___, ...score }: StoredScore): BenchmarkScore {
    return { ...score, eta_seconds: score.state === 'running' ? this.#parts.etaOf(score.score) : null };
  }

  #shownWith(view: BenchmarkView, scores: readonly StoredScore[]): BenchmarkRun {
    return { ...view, eta_seconds: view.state === 'running' ? secondsLeft(scores, this.#parts.etaOf) : null };
  }

  #changed(run: string): CoreEvent {
    return { event: 'benchmark.changed', data: this.shown(this.#parts.store.benchmarks.view(run)) };
  }

  #scored(score: StoredScore): CoreEvent {
    return { event: 'benchmark.scored', data: this.shownScore(score) };
  }

  /** The folder tells how it stands as of the last time that it could be written; results have files of their own. */
  #keep(run: string): void {
    try {
      writeBenchmarkRecord(this.get(run), this.scoresOf(run));
    } catch (error) {
      this.#parts.log.warn('the record of a benchmark run cannot be written', { run, problem: problemOf(error) });
    }
  }
}

const subjectOf = (run: string): string => `benchmark ${run}`;
const problemOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Throws PRECONDITION_FAILED where it has been changed since it was read. */
const requireSameBenchmark = ({ run, revision }: Pick<BenchmarkView, 'run' | 'revision'>, asked: Asked): void =>
  requireRevision({ subject: `Benchmark run ${run}`, revision }, asked);

/** What HANA is told of a score: figures and hashes, no paths, no items. */
export function scoreFact({ score, run, subject, result, ended }: StoredScore): OutboxFact {
  const { records: _, ...figures } = result ?? { records: '' };
  return { entity: 'benchmark', id: score, schema: 1, payload: { score, run, subject: subject.label, version: subject.version, ended, ...figures } };
}
