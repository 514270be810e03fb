/** Writes down how a score ended, whether it is gone on with by itself, and when with it its run has ended. */
import type { BenchmarkResult } from '../../../shared/domain/benchmark-record.ts';
import type { BenchmarkState } from '../../../shared/domain/benchmark-run.ts';
import type { AppError } from '../../../shared/errors/app-error.ts';
import type { Logger } from '../../platform/logger.ts';
import type { ScoreUpdate, StoredScore } from '../../store/score-rows.ts';
import { processDeaths } from '../process-deaths.ts';
import type { Wish } from '../run-ends.ts';
import type { BenchmarkBook } from './benchmark-book.ts';
import { writeScoreFile } from './benchmark-folder.ts';

export interface ScoreEndsParts {
  readonly book: BenchmarkBook;
  readonly log: Logger;
  readonly maxRestarts: () => number;
}

export type Outcome = { readonly result: BenchmarkResult } | { readonly error: AppError };

interface Ended {
  readonly run: string;
  readonly score: string;
  readonly wanted: Wish;
}

export class ScoreEnds {
  readonly #parts: ScoreEndsParts;
  /** How often each was gone on with after its process had died. */
  readonly #restarts = new Map<string, number>();

  constructor(parts: ScoreEndsParts) {
    this.#parts = parts;
  }

  /** Throws what the store and the folder throw; then nothing is written, or only the result's file. */
  write({ run, score, wanted }: Ended, outcome: Outcome): void {
    const { book } = this.#parts;
    if ('result' in outcome) this.#finish({ run, score }, outcome.result);
    else book.changeScore(score, this.#endOf({ run, score, wanted }, outcome.error));
    if (wanted !== 'close') this.settle(run);
  }

  #finish({ run, score }: Pick<Ended, 'run' | 'score'>, result: BenchmarkResult): void {
    const { book, log } = this.#parts;
    const ended = book.time();
    const stored = book.score(score);
    writeScoreFile(book.get(run).dir, stored, { score, started: stored.started, ended, result });
    book.changeScore(score, { state: 'done', done: result.items, total: result.items, ended, result, error: null });
    this.#restarts.delete(score);
    log.info('score made', { run, score, items: result.items, seconds: result.seconds });
  }

  #endOf({ run, score, wanted }: Ended, error: AppError): ScoreUpdate {
    const { book, log, maxRestarts } = this.#parts;
    if (wanted === 'close') return { state: 'waiting' };
    if (wanted !== 'nothing') return { state: 'stopped', ended: book.time() };
    const restarts = this.#restarts.get(score) ?? 0;
    if (processDeaths.has(error.code) && restarts < maxRestarts()) {
      this.#restarts.set(score, restarts + 1);
      log.warn('a score is gone on with', { run, score, restarts: restarts + 1, problem: error.message });
      return { state: 'waiting' };
    }
    log.warn('a score failed', { run, score, code: error.code, problem: error.message });
    return { state: 'failed', ended: book.time(), error: { code: error.code, facts: error.facts } };
  }

  /** Where no score of it is left to make the run has ended. */
  settle(run: string): void {
    const { book, log } = this.#parts;
    const scores = book.scoresOf(run);
    if (scores.some(({ state }) => state === 'waiting' || state === 'running')) return;
    const state = endOf(scores);
    book.change(run, { state, ended: book.time(), error: scores.find(({ error }) => error !== null)?.error ?? null });
    log.info('benchmark run ended', { run, state });
  }
}

function endOf(scores: readonly StoredScore[]): BenchmarkState {
  if (scores.some(({ state }) => state === 'stopped')) return 'stopped';
  return scores.some(({ state }) => state === 'failed') ? 'failed' : 'done';
}
