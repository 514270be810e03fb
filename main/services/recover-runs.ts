/** After a crash: runs that nobody works on any more are set to what their folders tell, and their figures are read in again. */
import type { ErrorEvent, RunLogLine } from '../../shared/contracts/run-events.ts';
import type { Logger } from '../platform/logger.ts';
import type { RunUpdate, StoredRun } from '../store/run-rows.ts';
import type { Store } from '../store/store.ts';
import type { RunBook } from './run-book.ts';
import { reindexRun } from './reindex-run.ts';
import { errorOf, fenceOf } from './run-folders.ts';

export interface RecoveryParts {
  readonly store: Store;
  readonly book: RunBook;
  readonly log: Logger;
}

/** Called once, by the host that has just come to own the LATHE_HOME: whatever the store calls active had another owner, who is gone. */
export function recoverRuns({ store, book, log }: RecoveryParts): void {
  for (const run of store.runs.active()) {
    const { change, changes } = endOf(run, linesOf(store, run, log));
    const attempt = Math.max(run.attempt, fenceOf(run.dir));
    const { state } = book.change(run.run, change, { ...changes, attempt, ended: book.time() });
    log.warn('run had lost its host', { run: run.run, was: run.state, state });
  }
}

/** Runs that were cut short, by no will of their user, wait again to go on. */
export function queueInterrupted({ store, book, log }: RecoveryParts): void {
  for (const { run, step } of store.runs.cutShort()) {
    log.info('an interrupted run is queued again', { run, step });
    book.change(run, 'queue', { queued: book.queueTime(), restarts: 0 });
  }
}

/** A folder that cannot be read (a disk that is not there) must not keep the host from coming up. */
function linesOf(store: Store, run: StoredRun, log: Logger): readonly RunLogLine[] {
  try {
    return reindexRun(store, run);
  } catch (error) {
    log.warn('a run folder cannot be read', { run: run.run, problem: error instanceof Error ? error.message : String(error) });
    return [];
  }
}

interface End {
  readonly change: 'finish' | 'fail' | 'cancel' | 'interrupt';
  readonly changes: RunUpdate;
}

/** Its process may have come to an end of its own after the last that its host wrote down; the end of an earlier attempt is none. */
function endOf({ state, queued, attempt }: StoredRun, lines: readonly RunLogLine[]): End {
  const last = lines.at(-1);
  if (last?.event === 'done') {
    const { at: _, event: __, ...result } = last;
    return { change: 'finish', changes: { result } };
  }
  // What it was told to do it would have done.
  if (state === 'stopping') return { change: 'cancel', changes: {} };
  if (last?.event === 'error' && isOf(last, { attempt, queued })) return { change: 'fail', changes: { error: errorOf(last) } };
  return { change: 'interrupt', changes: { resume: state !== 'paused' } };
}

/** By number, whatever the clock did meanwhile; logs of earlier versions have times alone. */
function isOf(line: RunLogLine & ErrorEvent, { attempt, queued }: Pick<StoredRun, 'attempt' | 'queued'>): boolean {
  return line.attempt === undefined ? Date.parse(line.at) >= Date.parse(queued) : line.attempt === attempt;
}
