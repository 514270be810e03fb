/** Reads a run's figures in again from its folder. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runFiles } from '../../shared/domain/run-record.ts';
import type { StoredRun } from '../store/run-rows.ts';
import type { Store } from '../store/store.ts';
import { readAllLines } from './run-folders.ts';

/** events.jsonl is the truth; the tables are an index over it. */
export function reindexRun(store: Store, { run, dir }: Pick<StoredRun, 'run' | 'dir'>): void {
  const path = join(dir, runFiles.events);
  if (!existsSync(path)) return;
  store.transaction(() => {
    store.runs.forgetAll(run);
    // Steps that were done twice are in the log twice; the later line wins.
    store.runs.append(run, readAllLines(path));
  });
}
