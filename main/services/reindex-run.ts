/** Brings a run's figures up to what its folder tells. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RunLogLine } from '../../shared/contracts/run-events.ts';
import { runFiles } from '../../shared/domain/run-record.ts';
import type { StoredRun } from '../store/run-rows.ts';
import type { Store } from '../store/store.ts';
import { readAllLines } from './run-folders.ts';

/**
 * events.jsonl is the truth, the tables are an index over it. Lines that are there keep their numbers, since clients ask for what came after one;
 * what a host added by itself stays too. Gives the lines of the folder.
 */
export function reindexRun(store: Store, { run, dir }: Pick<StoredRun, 'run' | 'dir'>): readonly RunLogLine[] {
  const path = join(dir, runFiles.events);
  if (!existsSync(path)) return [];
  const lines = readAllLines(path);
  store.transaction(() => {
    store.runs.forgetFrom(run, 0);
    store.runs.append(run, [...withoutRepeated(lines), ...missing(lines.filter(isKept), store.runs.allLines(run))]);
  });
  return lines;
}

const isFigure = ({ event }: RunLogLine): boolean => event === 'step' || event === 'eval';
const isKept = (line: RunLogLine): boolean => !isFigure(line) && line.event !== 'progress' && line.event !== 'prompt' && line.event !== 'text';

/** An attempt that went on from a checkpoint does steps again: what came after it counts no more. */
function withoutRepeated(lines: readonly RunLogLine[]): readonly RunLogLine[] {
  const kept: RunLogLine[] = [];
  let last = 0;
  for (const line of lines) {
    if (line.event !== 'step' && line.event !== 'eval') continue;
    if (line.event === 'step') {
      if (line.step <= last) while (isFrom(kept.at(-1), line.step)) kept.pop();
      last = line.step;
    }
    kept.push(line);
  }
  return kept;
}

const isFrom = (line: RunLogLine | undefined, step: number): boolean => (line?.event === 'step' || line?.event === 'eval') && line.step >= step;

/** The lines of the folder that the store does not have, both being in the same order; when they were written may differ. */
function missing(told: readonly RunLogLine[], stored: readonly RunLogLine[]): readonly RunLogLine[] {
  const texts = stored.map(lineIdentity);
  let from = 0;
  return told.filter((line) => {
    const found = texts.indexOf(lineIdentity(line), from);
    if (found >= 0) from = found + 1;
    return found < 0;
  });
}

/** The same for a line of the folder and of the store. Process and host write the end of an attempt each in their own words: the log that a bug is looked up in, the step of a stop. */
export function lineIdentity({ at: _, ...entry }: RunLogLine): string {
  if (entry.event === 'cancelled') return entry.event;
  if (entry.event === 'error' && entry.attempt !== undefined) return `${entry.event} ${entry.code} ${entry.attempt}`;
  return JSON.stringify(entry);
}
