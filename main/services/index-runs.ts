/** Brings runs into the store that only their folders know of: after the database was lost, or made by a version that had none. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '../platform/logger.ts';
import type { RunUpdate, StoredRun } from '../store/run-rows.ts';
import type { Store } from '../store/store.ts';
import { reindexRun } from './reindex-run.ts';
import { errorOf, fenceOf, isRunFolder, summariseRun, type RunSummary } from './run-folders.ts';

export interface IndexParts {
  readonly store: Store;
  /** Holds one folder a run. */
  readonly folder: string;
  readonly log: Logger;
}

/** What is known already stays as it is. Returns what was found, and the folders that hold no sound run. */
export function indexRuns({ store, folder, log }: IndexParts): { readonly added: readonly string[]; readonly unsound: readonly string[] } {
  const folders = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  const added: string[] = [];
  const unsound: string[] = [];
  for (const directory of folders.filter(isRunFolder)) {
    try {
      const summary = summariseRun(directory);
      if (store.runs.find(summary.run) !== null || store.runs.findByFolder(directory) !== null) continue;
      addRun(store, summary);
      added.push(summary.run);
    } catch (error) {
      log.warn('a run folder cannot be read', { path: directory, problem: error instanceof Error ? error.message : String(error) });
      unsound.push(directory);
    }
  }
  return { added, unsound };
}

/** A run as its folder tells it, with its figures. */
export function addRun(store: Store, summary: RunSummary): void {
  const { run, directory, record } = summary;
  const { config, explicit } = record;
  const { started } = record;
  store.transaction(() => {
    store.runs.insert({ run, name: null, dir: directory, priority: 0, created: started, queued: started, request: { config, explicit, notes: [] } });
    store.runs.update(run, { ...standing(summary), started });
    reindexRun(store, { run, dir: directory });
  });
}

/** A run whose folder is another one now: moved there, or a copy that came elsewhere since. */
export function moveRun(store: Store, { run, attempt }: StoredRun, summary: RunSummary): void {
  store.transaction(() => {
    store.runs.update(run, { ...standing(summary), dir: summary.directory, attempt: Math.max(attempt, fenceOf(summary.directory)) });
    reindexRun(store, { run, dir: summary.directory });
  });
}

/** A process that works on it is none of this host's: for the store it is cut short, and its lock keeps others away. */
function standing({ directory, state, record, lastLine }: RunSummary): RunUpdate {
  const result = lastLine?.event === 'done' ? withoutStamp(lastLine) : null;
  return {
    state: state === 'running' ? 'interrupted' : state,
    ended: lastLine?.at ?? record.started,
    result,
    error: errorOf(lastLine),
    steps: record.choices.total_steps,
    attempt: fenceOf(directory),
    resume: false,
  };
}

function withoutStamp<Line extends { readonly at: string; readonly event: string }>(line: Line): Omit<Line, 'at' | 'event'> {
  const { at: _, event: __, ...rest } = line;
  return rest;
}
