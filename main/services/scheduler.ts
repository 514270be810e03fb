/** Starts queued runs as cores, memory and power allow, and tells their processes what is asked of them. One clock-less loop, woken by what changes. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import type { TrainJob } from '../../shared/contracts/compute-jobs.ts';
import type { JobEvent, Plan, TrainResult } from '../../shared/contracts/run-events.ts';
import { runFiles } from '../../shared/domain/run-record.ts';
import { toAppError } from '../../shared/errors/wire-error.ts';
import type { Logger } from '../platform/logger.ts';
import { watchPower, type PowerReader } from '../platform/power.ts';
import type { QueuePlace, StoredRun } from '../store/run-rows.ts';
import type { Awake } from '../workers/keep-awake.ts';
import type { RunningJob } from '../workers/supervisor.ts';
import type { ComputeJobs } from './compute-jobs.ts';
import { MachineRoom, type Place, type Tenant } from './machine-room.ts';
import { PlanAhead } from './plan-ahead.ts';
import { QueueLoop } from './queue-loop.ts';
import { roomFor, type Room, type Share } from './room.ts';
import type { RunBook } from './run-book.ts';
import { RunEnds, type EndedRun, type Wish } from './run-ends.ts';
import { fenceOf } from './run-folders.ts';
import type { RunRecorder } from './run-recorder.ts';

export interface SchedulerParts {
  readonly book: RunBook;
  readonly compute: ComputeJobs;
  readonly log: Logger;
  readonly cores: number;
  /** What memory is free now, in bytes. */
  readonly freeMemory: () => number;
  readonly power: PowerReader;
  /** Held while a run is worked on. */
  readonly awake: Awake;
  /** Whether the machine shall be kept awake for a run that starts now. */
  readonly keepsAwake: () => boolean;
  /** What an earlier host left in the queue stays there. */
  readonly leavesOlder: boolean;
  /** How often a run whose process died is started again by itself. */
  readonly maxRestarts: () => number;
  readonly maxParallelRuns: () => number;
  /** Left out: nobody else works on this machine. */
  readonly machine?: MachineRoom;
  /** Called when a run has its folder. */
  readonly onBegun: (run: string) => void;
  /** Called when a run is done, its end in the store. */
  readonly onDone: (run: string) => void;
  /** How long to wait where the store cannot be written. */
  readonly retryMs?: number;
}

/** A run that a process works on. */
interface ActiveRun {
  readonly threads: number;
  readonly recorder: RunRecorder;
  needBytes: number | null;
  takenBytes: number;
  /** null until the engine is probed and the process is there. */
  job: RunningJob<TrainResult> | null;
  /** Asked for, perhaps before the process was there. */
  wanted: Wish;
  isPaused: boolean;
  ended: Promise<void>;
}

const hardness: readonly Wish[] = ['nothing', 'close', 'stop', 'kill'];

export class Scheduler implements Tenant {
  readonly #parts: SchedulerParts;
  readonly #machine: MachineRoom;
  readonly #active = new Map<string, ActiveRun>();
  readonly #plans: PlanAhead;
  readonly #ends: RunEnds;
  /** Each as it stood in the queue: one that is queued again is this host's. */
  readonly #left: ReadonlySet<string>;
  /** Runs that can only be tried alone: their plan failed in a way that may be the plan's own. */
  readonly #onlyAlone = new Set<string>();
  /** Runs that wait for mains, and when they began to. */
  readonly #onBattery = new Map<string, number>();
  readonly #loop: QueueLoop;
  #stopWatchingPower: (() => void) | null = null;

  constructor(parts: SchedulerParts) {
    this.#parts = parts;
    this.#machine = parts.machine ?? new MachineRoom();
    this.#machine.join(this);
    this.#loop = new QueueLoop({ work: () => this.#startWhatFits(), wake: () => this.wake(), log: parts.log, retryMs: parts.retryMs ?? 5_000 });
    this.#ends = new RunEnds(parts);
    this.#left = new Set(parts.leavesOlder ? parts.book.queue().map(placeOf) : []);
    this.#plans = new PlanAhead({
      compute: parts.compute,
      onPlanned: (run, plan) => this.#planned(run, plan),
      onFailed: (run, error) => this.#unplannable(run, error),
    });
  }

  get activeCount(): number {
    return this.#active.size;
  }

  /** Whether this host has work: runs in a process, or such that it will start. */
  get isBusy(): boolean {
    return this.#active.size > 0 || this.#mine().length > 0;
  }

  pidOf(run: string): number | null {
    return this.#active.get(run)?.job?.pid ?? null;
  }

  /** Looks at the queue soon, and lets others look; calling it once too often costs nothing. */
  wake(): void {
    this.look();
    this.#machine.wakeOthers(this);
  }

  shares(): readonly Share[] {
    return [...this.#active.values()];
  }

  first(): Place | null {
    return this.#mine().find(({ run }) => !this.#isOnBattery(this.#parts.book.get(run))) ?? null;
  }

  look(): void {
    this.#loop.look();
  }

  /** What has been reported so far is in the store when this returns. */
  flush(run: string): void {
    this.#active.get(run)?.recorder.write();
  }

  pause(run: string): void {
    this.#hold(run, true);
  }

  continue(run: string): void {
    this.#hold(run, false);
  }

  #hold(run: string, isPaused: boolean): void {
    const active = this.#active.get(run);
    if (active === undefined) return;
    active.isPaused = isPaused;
    active.job?.adapt({ pause: isPaused ? 'user' : null });
  }

  stop(run: string, { force }: { readonly force: boolean }): void {
    const active = this.#active.get(run);
    if (active !== undefined) this.#want(active, force ? 'kill' : 'stop');
    this.wake();
  }

  /** Stops every run at its next checkpoint; they count as interrupted and can go on. */
  async close(): Promise<void> {
    this.#loop.close();
    this.#stopWatchingPower?.();
    for (const active of this.#active.values()) this.#want(active, 'close');
    await Promise.all([this.#plans.close(), ...[...this.#active.values()].map(({ ended }) => ended)]);
  }

  /** Asked a second time it may only become harder. */
  #want(active: ActiveRun, wish: Wish): void {
    if (hardness.indexOf(wish) > hardness.indexOf(active.wanted)) active.wanted = wish;
    this.#obey(active);
  }

  #obey({ job, wanted }: ActiveRun): void {
    if (wanted === 'kill') job?.kill();
    else if (wanted !== 'nothing') job?.cancel();
  }

  #mine(): readonly QueuePlace[] {
    return this.#parts.book.queue().filter((place) => !this.#left.has(placeOf(place)));
  }

  #startWhatFits(): void {
    for (const place of this.#mine()) {
      if (this.#loop.isClosed) return;
      const next = this.#parts.book.get(place.run);
      if (this.#waitsForMains(next)) continue;
      if (!this.#machine.isTurn(this, place)) return;
      const room = this.#roomFor(next);
      if (room === 'unplanned') this.#plans.begin(next);
      // In order: a small run does not overtake a large one for ever.
      if (room !== 'yes') return;
      this.#launch(next);
    }
  }

  #isOnBattery({ request }: StoredRun): boolean {
    const { power } = this.#parts;
    return request.config.cpu_optimization.pause_on_battery && power.isKnown && power.read() === 'battery';
  }

  #waitsForMains(next: StoredRun): boolean {
    if (!this.#isOnBattery(next)) return false;
    const { power, book } = this.#parts;
    const { run } = next;
    if (!this.#onBattery.has(run)) {
      this.#onBattery.set(run, performance.now());
      tellOf(book, run, { event: 'pause', reason: 'battery' });
    }
    this.#stopWatchingPower ??= watchPower(power, () => this.wake());
    return true;
  }

  #roomFor(run: StoredRun): Room {
    const { cores, freeMemory, maxParallelRuns } = this.#parts;
    const active = [...this.shares(), ...this.#machine.taken(this)];
    if (active.length > 0 && (this.#onlyAlone.has(run.run) || active.length >= maxParallelRuns())) return 'no';
    const wanted = { threads: threadsOf(run), needBytes: run.plan?.memory.total_bytes ?? null };
    return roomFor(wanted, active, { cores, freeBytes: freeMemory() });
  }

  #planned(run: string, plan: Plan): void {
    if (this.#parts.book.get(run).state === 'queued') this.#parts.book.update(run, { plan, steps: plan.steps });
    this.wake();
  }

  #unplannable(run: string, thrown: unknown): void {
    const error = toAppError(thrown);
    this.#parts.log.warn('a run cannot be planned; it waits until it is alone', { run, problem: error.message });
    this.#onlyAlone.add(run);
    this.wake();
  }

  #launch(queued: StoredRun): void {
    const { book, awake, keepsAwake } = this.#parts;
    // A folder may have been worked on under another store: its fence counts too.
    const attempt = Math.max(queued.attempt, fenceOf(queued.dir)) + 1;
    const run = book.change(queued.run, 'start', { started: queued.started ?? book.time(), ended: null, error: null, attempt });
    const waitedSince = this.#onBattery.get(run.run);
    this.#onBattery.delete(run.run);
    const recorder = book.recorder(run.run);
    if (waitedSince !== undefined) recorder.add({ event: 'continue', seconds: (performance.now() - waitedSince) / 1000 });
    const need = run.plan?.memory.total_bytes ?? null;
    const active: ActiveRun = {
      ...{ threads: threadsOf(run), needBytes: need, takenBytes: 0, recorder },
      ...{ job: null, wanted: 'nothing', isPaused: false, ended: Promise.resolve() },
    };
    this.#active.set(run.run, active);
    const isHeld = keepsAwake();
    if (isHeld) awake.hold();
    active.ended = this.#work(run, active).finally(() => {
      this.#active.delete(run.run);
      if (isHeld) awake.release();
      this.wake();
    });
  }

  async #work(run: StoredRun, active: ActiveRun): Promise<void> {
    let result: TrainResult;
    try {
      const job = await this.#parts.compute.start<'train'>({
        job: trainJob(run),
        correlation: run.run,
        again: `lathe run resume ${run.run}`,
        onEvent: (event) => this.#hear(run.run, active, event),
      });
      active.job = job;
      if (active.isPaused) job.adapt({ pause: 'user' });
      this.#obey(active);
      result = await job.result;
    } catch (thrown) {
      return this.#ends.fail(endedRun(run.run, active), toAppError(thrown));
    }
    await this.#ends.finish(endedRun(run.run, active), result);
    this.#parts.onDone(run.run);
  }

  #hear(run: string, active: ActiveRun, event: JobEvent): void {
    active.recorder.add(event);
    if (event.event === 'step') {
      const isFirst = active.takenBytes === 0;
      active.takenBytes = event.rss_bytes;
      if (isFirst) this.wake();
    }
    if (event.event === 'start') this.#parts.onBegun(run);
    if (event.event !== 'plan') return;
    const { event: _, run: __, ...plan } = event;
    active.needBytes = plan.memory.total_bytes;
    try {
      this.#parts.book.update(run, { plan, steps: plan.steps });
    } catch (error) {
      // The plan is in the run's log too; a run does not end for want of its copy.
      this.#parts.log.error('a plan cannot be written', { run, problem: error instanceof Error ? error.message : String(error) });
    }
    this.wake();
  }
}

const placeOf = ({ run, queued }: { readonly run: string; readonly queued: string }): string => `${run} ${queued}`;

const threadsOf = ({ request }: StoredRun): number => request.config.cpu_optimization.num_workers;

const endedRun = (run: string, { recorder, wanted, isPaused, job }: ActiveRun): EndedRun => ({
  run,
  recorder,
  wanted,
  isPaused,
  lastLines: job?.lastLines() ?? [],
});

/** A line about a run that no process works on. */
function tellOf(book: RunBook, run: string, event: JobEvent): void {
  const recorder = book.recorder(run);
  recorder.add(event);
  recorder.tryFlush();
}

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
