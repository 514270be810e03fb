/** Starts queued runs as cores and memory allow, and writes down how they go and end. One clock-less loop, woken by what changes. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainJob } from '../../shared/contracts/compute-jobs.ts';
import type { JobEvent, RunLogEntry, TrainResult } from '../../shared/contracts/run-events.ts';
import { runFiles } from '../../shared/domain/run-record.ts';
import type { RunChange } from '../../shared/domain/run-state.ts';
import { isAppError, type AppError } from '../../shared/errors/app-error.ts';
import { toAppError } from '../../shared/errors/wire-error.ts';
import type { Logger } from '../platform/logger.ts';
import type { RunUpdate, StoredRun } from '../store/run-rows.ts';
import type { RunningJob } from '../workers/supervisor.ts';
import type { ComputeJobs } from './compute-jobs.ts';
import type { RunRecorder } from './run-recorder.ts';
import type { RunBook } from './run-book.ts';
import type { z } from 'zod';

export interface SchedulerParts {
  readonly book: RunBook;
  readonly compute: ComputeJobs;
  readonly log: Logger;
  readonly cores: number;
  /** What memory is free now, in bytes. */
  readonly freeMemory: () => number;
  /** Only runs that were queued at or after this time are started; null: all. */
  readonly since: string | null;
  /** How often a run whose process died is started again by itself. */
  readonly maxRestarts: () => number;
  readonly maxParallelRuns: () => number;
  /** Called when a run is done, its end in the store. */
  readonly onDone: (run: string) => void;
}

/** A run that a process works on. */
interface ActiveRun {
  readonly threads: number;
  readonly recorder: RunRecorder;
  /** null until the engine is probed and the process is there. */
  job: RunningJob<TrainResult> | null;
  /** Asked for before the process was there. */
  wanted: 'nothing' | 'stop' | 'kill';
  ended: Promise<void> | null;
}

export class Scheduler {
  readonly #parts: SchedulerParts;
  readonly #active = new Map<string, ActiveRun>();
  #isClosing = false;
  #isWoken = false;

  constructor(parts: SchedulerParts) {
    this.#parts = parts;
  }

  get activeCount(): number {
    return this.#active.size;
  }

  pidOf(run: string): number | null {
    return this.#active.get(run)?.job?.pid ?? null;
  }

  /** Looks at the queue soon; calling it once too often costs nothing. */
  wake(): void {
    if (this.#isWoken || this.#isClosing) return;
    this.#isWoken = true;
    setImmediate(() => {
      this.#isWoken = false;
      this.#startWhatFits();
    });
  }

  /** What has been reported so far is in the store when this returns. */
  flush(run: string): void {
    this.#active.get(run)?.recorder.flush();
  }

  pause(run: string): void {
    this.#active.get(run)?.job?.adapt({ pause: 'user' });
  }

  continue(run: string): void {
    this.#active.get(run)?.job?.adapt({ pause: null });
  }

  stop(run: string, { force }: { readonly force: boolean }): void {
    const active = this.#active.get(run);
    if (active === undefined) return;
    active.wanted = force ? 'kill' : 'stop';
    this.#obey(active);
  }

  /** Stops every run at its next checkpoint; they count as interrupted and can go on. */
  async close(): Promise<void> {
    this.#isClosing = true;
    for (const active of this.#active.values()) {
      if (active.wanted === 'nothing') active.wanted = 'stop';
      this.#obey(active);
    }
    for (const { ended } of [...this.#active.values()]) await ended;
  }

  #obey({ job, wanted }: ActiveRun): void {
    if (wanted === 'kill') job?.kill();
    else if (wanted === 'stop') job?.cancel();
  }

  #startWhatFits(): void {
    if (this.#isClosing) return;
    const { book, since } = this.#parts;
    for (const run of book.queued()) {
      if (since !== null && run.queued < since) continue;
      // In order: a small run does not overtake a large one for ever.
      if (!this.#hasRoomFor(run)) return;
      this.#launch(run);
    }
  }

  #hasRoomFor(run: StoredRun): boolean {
    if (this.#active.size === 0) return true;
    if (this.#active.size >= this.#parts.maxParallelRuns()) return false;
    const busy = [...this.#active.values()].reduce((sum, { threads }) => sum + threads, 0);
    const needBytes = run.plan?.memory.total_bytes ?? null;
    const fits = needBytes === null || needBytes <= this.#parts.freeMemory();
    return busy + threadsOf(run) <= this.#parts.cores && fits;
  }

  #launch(queued: StoredRun): void {
    const { book } = this.#parts;
    const run = book.change(queued.run, 'start', { started: queued.started ?? book.time(), ended: null, error: null, attempt: queued.attempt + 1 });
    const recorder = book.recorder(run.run);
    const active: ActiveRun = { threads: threadsOf(run), recorder, job: null, wanted: 'nothing', ended: null };
    this.#active.set(run.run, active);
    active.ended = this.#work(run, active).finally(() => {
      this.#active.delete(run.run);
      this.wake();
    });
  }

  async #work(run: StoredRun, active: ActiveRun): Promise<void> {
    const { compute } = this.#parts;
    try {
      const job = trainJob(run);
      const running = await compute.start<'train'>({
        job,
        correlation: run.run,
        again: `lathe run resume ${run.run}`,
        onEvent: (event) => this.#hear(run.run, active.recorder, event),
      });
      active.job = running;
      this.#obey(active);
      this.#finish(run.run, active.recorder, await running.result);
    } catch (thrown) {
      this.#fail(run.run, active, toAppError(thrown));
    }
  }

  #hear(run: string, recorder: RunRecorder, event: JobEvent): void {
    recorder.add(event);
    if (event.event !== 'plan') return;
    const { event: _, run: __, ...plan } = event;
    this.#parts.book.update(run, { plan, steps: plan.steps });
  }

  #finish(run: string, recorder: RunRecorder, result: TrainResult): void {
    this.#end({ run, recorder, change: 'finish', changes: { result }, entry: { event: 'done', ...result } });
    this.#parts.onDone(run);
  }

  #fail(run: string, { recorder, wanted }: ActiveRun, error: AppError): void {
    const wire = { code: error.code, facts: error.facts };
    const told = { event: 'error', code: error.code, message: error.message, remedy: error.remedy } as const;
    if (!isAppError(error, 'CANCELLED') && !isAppError(error, 'COMPUTE_PROCESS_DIED'))
      return this.#end({ run, recorder, change: 'fail', changes: { error: wire }, entry: told });
    if (isAppError(error, 'CANCELLED') && !this.#isClosing) {
      recorder.flush();
      const { step } = this.#parts.book.get(run);
      return this.#end({ run, recorder, change: 'cancel', changes: { error: wire }, entry: { event: 'cancelled', step, path: null } });
    }
    this.#end({ run, recorder, change: 'interrupt', changes: { error: wire }, entry: told });
    if (!this.#isClosing && wanted === 'nothing') this.#restart(run);
  }

  #end({ run, recorder, change, changes, entry }: RunEnd): void {
    const { book, log } = this.#parts;
    recorder.add(entry);
    recorder.flush();
    const { state } = book.change(run, change, { ...changes, ended: book.time() });
    log.info('run ended', { runId: run, state });
  }

  /** After a death that nobody asked for; what dies again and again is left alone. */
  #restart(run: string): void {
    const { book, maxRestarts, log } = this.#parts;
    const { restarts } = book.get(run);
    if (restarts >= maxRestarts()) return;
    log.warn('run is started again', { runId: run, restarts: restarts + 1 });
    book.change(run, 'queue', { queued: book.time(), restarts: restarts + 1, resume: true });
  }
}

interface RunEnd {
  readonly run: string;
  readonly recorder: RunRecorder;
  readonly change: RunChange;
  readonly changes: RunUpdate;
  readonly entry: RunLogEntry;
}

const threadsOf = ({ request }: StoredRun): number => request.config.cpu_optimization.num_workers;

/** From its checkpoint where its folder holds a record, else from the beginning. */
const trainJob = ({ run, dir, request, resume, allow_drift, attempt }: StoredRun): z.infer<typeof TrainJob> => ({
  kind: 'train',
  request,
  runId: run,
  runDirectory: dir,
  resume: resume && existsSync(join(dir, runFiles.record)),
  allowDrift: allow_drift,
  fence: attempt,
});
