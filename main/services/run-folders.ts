/** Runs as their folders tell them: the record, how far they came, and who works on them. Reads only; the trainer writes. */
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parse, YAMLError } from 'yaml';
import { AppError } from '../../shared/errors/app-error.ts';
import { RunLogLine } from '../../shared/contracts/run-events.ts';
import type { WireError } from '../../shared/errors/wire-error.ts';
import type { RunState } from '../../shared/domain/run-state.ts';
import { runFiles, RunLock, RunRecord } from '../../shared/domain/run-record.ts';
import { fileFailure } from '../platform/file-failure.ts';
import { isSameProcess } from '../platform/process-identity.ts';

/** What a folder alone can tell; a run that is queued has none yet. */
export type FolderState = Exclude<RunState, 'queued' | 'paused' | 'stopping'>;

export interface RunSummary {
  readonly run: string;
  readonly directory: string;
  readonly state: FolderState;
  readonly record: RunRecord;
  readonly step: number;
  readonly loss: number | null;
  readonly evalLoss: number | null;
  /** The process that works on it. */
  readonly pid: number | null;
  readonly lastLine: RunLogLine | undefined;
}

/** Bytes read from the end of events.jsonl to see how a run stands. */
const tailBytes = 65_536;

export class RunFolders {
  readonly #home: string;

  /** `home` holds one folder a run. */
  constructor(home: string) {
    this.#home = home;
  }

  /** A run by its id, or by its folder wherever that is. Throws RUN_UNKNOWN. */
  find(reference: string): RunSummary {
    return summariseRun(this.directoryOf(reference));
  }

  directoryOf(reference: string): string {
    const named = reference === basename(reference) ? [join(this.#home, reference)] : [];
    const directory = [resolve(reference), ...named].find(isRunFolder);
    if (directory === undefined) throw new AppError('RUN_UNKNOWN', { run: reference, place: this.#home });
    return directory;
  }
}

export const isRunFolder = (directory: string): boolean => existsSync(join(directory, runFiles.record));

export function summariseRun(directory: string): RunSummary {
  const record = readRecord(directory);
  const lines = readTail(join(directory, runFiles.events));
  const pid = ownerOf(directory);
  const steps = lines.filter((line) => line.event === 'step');
  const last = steps.at(-1);
  return {
    run: record.run,
    directory,
    state: stateOf(lines, pid),
    record,
    step: last?.step ?? 0,
    loss: last?.loss ?? null,
    evalLoss: lines.filter((line) => line.event === 'eval').at(-1)?.eval_loss ?? null,
    pid,
    lastLine: lines.at(-1),
  };
}

function stateOf(lines: readonly RunLogLine[], pid: number | null): FolderState {
  if (pid !== null) return 'running';
  const last = lines.at(-1)?.event;
  if (last === 'done') return 'done';
  if (last === 'error') return 'failed';
  return last === 'cancelled' ? 'cancelled' : 'interrupted';
}

/** Throws RUN_RECORD_INVALID. */
export function readRecord(directory: string): RunRecord {
  const path = join(directory, runFiles.record);
  let raw: unknown;
  try {
    raw = parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    if (cause instanceof YAMLError) throw new AppError('RUN_RECORD_INVALID', { path, problem: cause.message.split('\n')[0] ?? '' }, { cause });
    throw fileFailure(cause, { what: 'Run record', path, action: 'read' });
  }
  const parsed = RunRecord.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError('RUN_RECORD_INVALID', { path, problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` });
}

/** The process that holds the run, if it lives. */
function ownerOf(directory: string): number | null {
  try {
    const lock = RunLock.parse(JSON.parse(readFileSync(join(directory, runFiles.lock), 'utf8')));
    return isSameProcess(lock) ? lock.pid : null;
  } catch {
    return null;
  }
}

/** The number of the newest attempt that came into the folder; 0 where there was none. */
export function fenceOf(directory: string): number {
  try {
    const number = Number(readFileSync(join(directory, runFiles.fence), 'utf8'));
    return Number.isSafeInteger(number) && number > 0 ? number : 0;
  } catch {
    return 0;
  }
}

/** The last sound lines; what a kill tore is left out. */
function readTail(path: string): readonly RunLogLine[] {
  if (!existsSync(path)) return [];
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const buffer = Buffer.alloc(Math.min(size, tailBytes));
    const read = readSync(file, buffer, 0, buffer.length, size - buffer.length);
    const lines = buffer.subarray(0, read).toString('utf8').split('\n');
    return parseLines(size > tailBytes ? lines.slice(1) : lines);
  } finally {
    closeSync(file);
  }
}

/** A whole events.jsonl. */
export const readAllLines = (path: string): readonly RunLogLine[] => parseLines(readFileSync(path, 'utf8').split('\n'));

export function parseLines(lines: readonly string[]): RunLogLine[] {
  return lines.flatMap((line) => {
    try {
      const parsed = RunLogLine.safeParse(JSON.parse(line));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
}

/** Why a run failed, as its last line tells; null where it did not, or where an earlier version wrote words alone. */
export function errorOf(last: RunLogLine | undefined): WireError | null {
  return last?.event === 'error' && last.facts !== undefined ? { code: last.code, facts: last.facts } : null;
}

export const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
