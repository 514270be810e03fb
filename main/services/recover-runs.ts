/** After a crash: runs that nobody works on any more are set to what their folders tell, and their figures are read in again. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runFiles } from '../../shared/domain/run-record.ts';
import type { Logger } from '../platform/logger.ts';
import type { RunUpdate, StoredRun } from '../store/run-rows.ts';
import type { Store } from '../store/store.ts';
import type { RunBook } from './run-book.ts';
import { reindexRun } from './reindex-run.ts';
import { readAllLines } from './run-folders.ts';

export interface RecoveryParts {
  readonly store: Store;
  readonly book: RunBook;
  readonly log: Logger;
  /** Whether what was cut short goes on by itself. */
  readonly resumes: boolean;
}

/** Called once, by the host that has just come to own the LATHE_HOME: whatever the store calls active had another owner, who is gone. */
export function recoverRuns({ store, book, log, resumes }: RecoveryParts): void {
  for (const run of store.runs.active()) {
    reindexRun(store, run);
    const { change, changes } = endOf(run);
    const { state } = book.change(run.run, change, { ...changes, ended: book.time() });
    log.warn('run had lost its host', { runId: run.run, was: run.state, state });
    // A run that somebody had asked to stop stays so. It keeps its old place in the queue, which a command's host leaves to `lathe serve`.
    if (resumes && state === 'interrupted' && run.state !== 'stopping') book.change(run.run, 'queue', { resume: true });
  }
}

interface End {
  readonly change: 'finish' | 'fail' | 'cancel' | 'interrupt';
  readonly changes: RunUpdate;
}

/** Its process may have come to an end of its own after the last that its host wrote down. */
function endOf({ dir }: StoredRun): End {
  const path = join(dir, runFiles.events);
  const last = existsSync(path) ? readAllLines(path).at(-1) : undefined;
  if (last?.event === 'done') {
    const { at: _, event: __, ...result } = last;
    return { change: 'finish', changes: { result } };
  }
  if (last?.event === 'cancelled') return { change: 'cancel', changes: {} };
  if (last?.event === 'error') return { change: 'fail', changes: {} };
  return { change: 'interrupt', changes: {} };
}
