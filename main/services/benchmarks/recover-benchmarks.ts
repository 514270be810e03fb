/** After a crash, and where the database is new: benchmark runs come to stand as their folders tell. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { benchmarkIsActive, type BenchmarkState } from '../../../shared/domain/benchmark-run.ts';
import type { BenchmarkFolderRecord } from '../../../shared/domain/benchmark-folder.ts';
import type { Logger } from '../../platform/logger.ts';
import type { ScoreUpdate, StoredScore } from '../../store/score-rows.ts';
import { scoreName } from '../../store/score-rows.ts';
import type { Store } from '../../store/store.ts';
import type { BenchmarkBook } from './benchmark-book.ts';
import { isBenchmarkFolder, readBenchmarkRecord, readScoreFile } from './benchmark-folder.ts';

export interface BenchmarkRecoveryParts {
  readonly book: BenchmarkBook;
  readonly store: Store;
  readonly log: Logger;
}

/** Called once, by the host that has just come to own the LATHE_HOME: whatever the store calls running had another owner, who is gone. */
export function recoverBenchmarks({ book, store, log }: BenchmarkRecoveryParts): void {
  for (const { run, dir } of store.benchmarks.inState('running')) {
    const stand = (score: StoredScore): ScoreUpdate | null => {
      if (score.state !== 'running') return null;
      return fromFile(dir, score) ?? { state: 'waiting' };
    };
    const isLeft = book.scoresOf(run).some((score) => score.state === 'waiting' || stand(score)?.state === 'waiting');
    const state: BenchmarkState = isLeft ? 'interrupted' : endOf(book.scoresOf(run).map((score) => stand(score)?.state ?? score.state));
    book.change(run, { state, ended: book.time() }, { each: stand });
    log.warn('benchmark run had lost its host', { run, state });
  }
}

/** Runs that were cut short, by no will of their user, wait again to go on. */
export function queueInterruptedBenchmarks({ book, store, log }: BenchmarkRecoveryParts): void {
  for (const { run } of store.benchmarks.inState('interrupted')) {
    log.info('an interrupted benchmark run is queued again', { run });
    book.change(run, { state: 'queued', queued: book.queueTime(), ended: null });
  }
}

export interface IndexedBenchmarks {
  readonly added: readonly string[];
  readonly unsound: readonly string[];
}

/** Reads in runs that only their folders know of, or know more scores of. What is known already stays as it is. */
export function indexBenchmarks({ store, folder, log }: { readonly store: Store; readonly folder: string; readonly log: Logger }): IndexedBenchmarks {
  const runs = join(folder, 'runs');
  const folders = existsSync(runs) ? readdirSync(runs).map((name) => join(runs, name)) : [];
  const added: string[] = [];
  const unsound: string[] = [];
  for (const dir of folders.filter(isBenchmarkFolder)) {
    try {
      const record = readBenchmarkRecord(dir);
      if (store.benchmarks.has(record.run) && store.scores.ofRun(record.run).length >= record.scores.length) continue;
      store.transaction(() => {
        store.benchmarks.remove(record.run);
        addBenchmark(store, dir, record);
      });
      added.push(record.run);
    } catch (error) {
      log.warn('a benchmark folder cannot be read', { path: dir, problem: error instanceof Error ? error.message : String(error) });
      unsound.push(dir);
    }
  }
  return { added, unsound };
}

function addBenchmark(store: Store, dir: string, record: BenchmarkFolderRecord): void {
  const { run, created, request, schedule, started, error } = record;
  store.benchmarks.insert({ run, dir, created, queued: created, request, schedule });
  const states = record.scores.map(({ position, task, subject, ...stand }) => {
    const known = record.tasks[task];
    if (known === undefined) throw new Error(`the task ${task} is not declared`);
    store.scores.insert({ run, position, subject, declared: known.declared, data: known.data });
    const isOver = stand.state === 'failed' || stand.state === 'stopped';
    const told = isOver ? { state: stand.state, started: stand.started, ended: stand.ended, error: stand.error } : ({ state: 'waiting' } as const);
    return store.scores.update(scoreName(run, position), fromFile(dir, { position, task }) ?? told).state;
  });
  const isCutShort = benchmarkIsActive(record.state) || states.includes('waiting');
  const state = isCutShort ? (states.includes('waiting') ? 'interrupted' : endOf(states)) : record.state;
  store.benchmarks.update(run, { state, started, ended: record.ended ?? created, error });
}

/** A result that was written is one, whatever became of its host. */
function fromFile(dir: string, placed: { readonly position: number; readonly task: string }): ScoreUpdate | null {
  const file = readScoreFile(dir, placed);
  if (file === null) return null;
  const { result, started, ended } = file;
  return { state: 'done', done: result.items, total: result.items, started, ended, result, error: null };
}

function endOf(states: readonly StoredScore['state'][]): BenchmarkState {
  if (states.includes('stopped')) return 'stopped';
  return states.includes('failed') ? 'failed' : 'done';
}
