/** Writes down how a run's process ended, and whether the run is started again by itself. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RunLogEntry, TrainResult } from '../../shared/contracts/run-events.ts';
import { runFiles } from '../../shared/domain/run-record.ts';
import type { RunChange } from '../../shared/domain/run-state.ts';
import { isAppError, type AppError } from '../../shared/errors/app-error.ts';
import type { ErrorCode } from '../../shared/errors/codes.ts';
import type { Logger } from '../platform/logger.ts';
import { redactor } from '../platform/redact.ts';
import type { RunUpdate } from '../store/run-rows.ts';
import { processDeaths } from './process-deaths.ts';
import type { RunBook } from './run-book.ts';
import type { RunRecorder } from './run-recorder.ts';

export interface RunEndsParts {
  readonly book: RunBook;
  readonly log: Logger;
  /** How often a run whose process died is started again by itself. */
  readonly maxRestarts: () => number;
  /** How long to wait where the store cannot be written. */
  readonly retryMs?: number;
}

/** What was asked of the run before it ended; `close`: by the host, which itself comes to its end. */
export type Wish = 'nothing' | 'close' | 'stop' | 'kill';

export interface EndedRun {
  readonly run: string;
  readonly recorder: RunRecorder;
  readonly wanted: Wish;
  readonly isPaused: boolean;
  /** What its process logged last. */
  readonly lastLines: readonly string[];
}

/** Nothing to explain, or the folder is another attempt's: nothing is written there. */
const withoutLastLines: ReadonlySet<ErrorCode> = new Set(['CANCELLED', 'RUN_FENCED', 'RUN_BUSY', 'RUN_FOLDER_TAKEN']);

interface Ending {
  readonly change: RunChange;
  readonly changes: RunUpdate;
  readonly entry: RunLogEntry | null;
}

export class RunEnds {
  readonly #parts: RunEndsParts;

  constructor(parts: RunEndsParts) {
    this.#parts = parts;
  }

  finish(ended: EndedRun, result: TrainResult): Promise<void> {
    return this.#write(ended, { change: 'finish', changes: { result }, entry: { event: 'done', ...result } });
  }

  async fail(ended: EndedRun, error: AppError): Promise<void> {
    if (!withoutLastLines.has(error.code)) this.#keepLastLines(ended);
    await this.#write(ended, this.#endingOf(ended, error));
    if (processDeaths.has(error.code) && ended.wanted === 'nothing') this.#restart(ended.run);
  }

  /** Beside what failed, so that whoever gets the folder can see why. */
  #keepLastLines({ run, lastLines }: EndedRun): void {
    const { book, log } = this.#parts;
    const { dir } = book.get(run);
    if (lastLines.length === 0 || !existsSync(dir)) return;
    try {
      const redact = redactor();
      writeFileSync(join(dir, runFiles.lastLines), lastLines.map((line) => `${redact(line)}\n`).join(''));
    } catch (error) {
      log.warn('the last lines of a run cannot be written', { run, problem: error instanceof Error ? error.message : String(error) });
    }
  }

  #endingOf({ run, recorder, wanted, isPaused }: EndedRun, error: AppError): Ending {
    const wire = { error: { code: error.code, facts: error.facts } };
    const { code, message, remedy, facts } = error;
    // As the process writes it into events.jsonl, so that the two are seen to be one.
    const entry = { event: 'error', code, message, remedy, facts, attempt: this.#parts.book.get(run).attempt } as const;
    const isCancelled = error.code === 'CANCELLED';
    if (isCancelled && wanted !== 'close') {
      recorder.tryFlush();
      return { change: 'cancel', changes: wire, entry: { event: 'cancelled', step: this.#parts.book.get(run).step, path: null } };
    }
    if (isCancelled) return { change: 'interrupt', changes: { ...wire, resume: !isPaused }, entry };
    if (!processDeaths.has(error.code)) return { change: 'fail', changes: wire, entry };
    // What was held goes on only when somebody asks for it.
    return { change: 'interrupt', changes: { ...wire, resume: !isPaused }, entry };
  }

  /** Where the store cannot be written (a full disk) it is tried again: an end that is not written down would be a run that lasts for ever. */
  async #write({ run, recorder, wanted }: EndedRun, { change, changes, entry }: Ending): Promise<void> {
    const { book, log, retryMs = 5_000 } = this.#parts;
    if (entry !== null) recorder.add(entry);
    for (;;)
      try {
        // Where it is gone there is nothing to write to, now or later.
        book.get(run);
        recorder.flush();
        const { state } = book.change(run, change, { ...changes, ended: book.time() });
        log.info('run ended', { run, state });
        return;
      } catch (error) {
        log.error('the end of a run cannot be written', { run, problem: error instanceof Error ? error.message : String(error) });
        // The next host reads it from the run folder.
        if (wanted === 'close' || isAppError(error, 'RUN_STATE') || isAppError(error, 'RUN_UNKNOWN')) return;
        await pause(retryMs);
      }
  }

  /** After a death that nobody asked for; what dies again and again is left alone. */
  #restart(run: string): void {
    const { book, maxRestarts, log } = this.#parts;
    const { restarts, state } = book.get(run);
    if (state !== 'interrupted') return;
    if (restarts >= maxRestarts()) return void book.update(run, { resume: false });
    log.warn('run is started again', { run, restarts: restarts + 1 });
    book.change(run, 'queue', { queued: book.queueTime(), restarts: restarts + 1, resume: true });
  }
}
