/** Brings runs into the store that only their folders know of: after the database was lost, or made by a version that had none. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '../platform/logger.ts';
import type { Store } from '../store/store.ts';
import { reindexRun } from './reindex-run.ts';
import { isRunFolder, summariseRun, type RunSummary } from './run-folders.ts';

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
export function addRun(store: Store, { run, directory, state, record, lastLine }: RunSummary): void {
  const { config, explicit } = record;
  store.transaction(() => {
    store.runs.insert({ run, name: null, dir: directory, priority: 0, created: record.started, request: { config, explicit, notes: [] } });
    const ended = state === 'running' ? null : (lastLine?.at ?? record.started);
    const result = lastLine?.event === 'done' ? withoutStamp(lastLine) : null;
    store.runs.update(run, { state, started: record.started, ended, result, steps: record.choices.total_steps });
    reindexRun(store, { run, dir: directory });
  });
}

function withoutStamp<Line extends { readonly at: string; readonly event: string }>(line: Line): Omit<Line, 'at' | 'event'> {
  const { at: _, event: __, ...rest } = line;
  return rest;
}
