/** Makes the scores of queued benchmark runs, as cores, memory and power allow, and shares the machine with the trainings. */
import { setTimeout as pause } from 'node:timers/promises';
import { isAppError } from '../../../shared/errors/app-error.ts';
import { toAppError } from '../../../shared/errors/wire-error.ts';
import type { Logger } from '../../platform/logger.ts';
import { watchPower, type PowerReader } from '../../platform/power.ts';
import type { StoredBenchmark } from '../../store/benchmark-rows.ts';
import type { StoredScore } from '../../store/score-rows.ts';
import type { Awake } from '../../workers/keep-awake.ts';
import type { ComputeJobs } from '../compute-jobs.ts';
import type { MachineRoom, Place, Tenant } from '../machine-room.ts';
import { QueueLoop } from '../queue-loop.ts';
import { roomFor, type Share } from '../room.ts';
import type { BenchmarkBook } from './benchmark-book.ts';
import { ScoreEnds, type Outcome } from './score-ends.ts';
import type { DeployedModels } from './deployed-models.ts';
import { DeployedWork } from './deployed-work.ts';
import { scoreNeedBytes, ScoreWork, type ScoreWorkParts, type Work } from './score-work.ts';

export interface BenchmarkQueueParts {
  readonly book: BenchmarkBook;
  readonly compute: ComputeJobs;
  readonly deployed: DeployedModels;
  readonly log: Logger;
  readonly machine: MachineRoom;
  readonly cores: number;
  /** What memory is free now, in bytes. */
  readonly freeMemory: () => number;
  readonly power: PowerReader;
  readonly awake: Awake;
  readonly keepsAwake: () => boolean;
  /** What an earlier host left in the queue stays there. */
  readonly leavesOlder: boolean;
  /** How often a score whose process died is gone on with by itself. */
  readonly maxRestarts: () => number;
  readonly maxParallelRuns: () => number;
  /** How long to wait where the store or a folder cannot be written. */
  readonly retryMs?: number;
}

interface Next {
  readonly run: StoredBenchmark;
  readonly score: StoredScore;
}

export class BenchmarkQueue implements Tenant {
  readonly #parts: BenchmarkQueueParts;
  readonly #ends: ScoreEnds;
  readonly #active = new Map<string, Work>();
  /** Each as it stood in the queue: one that is queued again is this host's. */
  readonly #left: ReadonlySet<string>;
  readonly #loop: QueueLoop;
  readonly #retryMs: number;
  #stopWatchingPower: (() => void) | null = null;

  constructor(parts: BenchmarkQueueParts) {
    this.#parts = parts;
    this.#retryMs = parts.retryMs ?? 5_000;
    this.#loop = new QueueLoop({ work: () => this.#startWhatFits(), wake: () => this.wake(), log: parts.log, retryMs: this.#retryMs });
    this.#ends = new ScoreEnds(parts);
    this.#left = new Set(parts.leavesOlder ? parts.book.queue().map(placeOf) : []);
    parts.machine.join(this);
  }

  get activeCount(): number {
    return this.#active.size;
  }

  /** Whether this host has scores to make. */
  get isBusy(): boolean {
    return this.#active.size > 0 || this.#mine().length > 0;
  }

  etaOf(score: string): number | null {
    return this.#active.get(score)?.etaSeconds ?? null;
  }

  shares(): readonly Share[] {
    return [...this.#active.values()];
  }

  first(): Place | null {
    const next = this.#loop.isClosed ? null : this.#next();
    return next === null ? null : { priority: 0, queued: next.run.queued };
  }

  /** Looks at the queue soon, and lets the trainings look; calling it once too often costs nothing. */
  wake(): void {
    this.look();
    this.#parts.machine.wakeOthers(this);
  }

  look(): void {
    this.#loop.look();
  }

  /** Those of its scores that are at work; what waits is stopped in the book before. */
  stop(run: string, { force }: { readonly force: boolean }): void {
    for (const work of this.#active.values()) if (work.run === run) work.want(force ? 'kill' : 'stop');
    this.#ends.settle(run);
    this.wake();
  }

  /** Ends what is at work; its records are kept, and it can be gone on with. */
  async close(): Promise<void> {
    this.#loop.close();
    this.#stopWatchingPower?.();
    for (const work of this.#active.values()) work.want('close');
    await Promise.all([...this.#active.values()].map(({ ended }) => ended));
    const { book } = this.#parts;
    for (const { run, state } of this.#mine()) if (state === 'running') book.change(run, { state: 'interrupted', ended: book.time() });
  }

  #mine(): readonly StoredBenchmark[] {
    return this.#parts.book.queue().filter((run) => !this.#left.has(placeOf(run)));
  }

  #startWhatFits(): void {
    for (let next = this.#next(); next !== null && !this.#loop.isClosed; next = this.#next()) {
      if (!this.#parts.machine.isTurn(this, { priority: 0, queued: next.run.queued })) return;
      const threads = this.#threadsFor(next);
      if (threads === null) return;
      this.#launch(next, threads);
    }
  }

  /** The first that waits for nothing but room. */
  #next(): Next | null {
    for (const run of this.#mine()) {
      if (this.#activeOf(run.run) >= run.request.max_concurrency || this.#waitsForMains(run)) continue;
      const score = this.#parts.book.nextWaiting(run.run);
      if (score !== null) return { run, score };
    }
    return null;
  }

  #activeOf(run: string): number {
    return [...this.#active.values()].filter((work) => work.run === run).length;
  }

  #waitsForMains({ request }: StoredBenchmark): boolean {
    const { power } = this.#parts;
    if (request.cpu_optimization?.pause_on_battery !== true || !power.isKnown || power.read() !== 'battery') return false;
    this.#stopWatchingPower ??= watchPower(power, () => this.wake());
    return true;
  }

  /** null: there is no room now. How many threads compute a score changes nothing of it, so where nobody said how many it takes what is free. */
  #threadsFor({ run, score }: Next): number | null {
    const { cores, freeMemory, machine, maxParallelRuns } = this.#parts;
    const taken = [...this.shares(), ...machine.taken(this)];
    if (taken.length > 0 && taken.length >= maxParallelRuns()) return null;
    const asked = run.request.cpu_optimization?.num_workers;
    const left = this.#parts.book.scoresOf(run.run).filter(({ state }) => state === 'waiting' || state === 'running').length;
    const most = score.subject.kind === 'deployed' ? 1 : Infinity;
    const share = Math.min(most, Math.max(1, Math.floor(Math.min(asked ?? cores, cores) / Math.min(run.request.max_concurrency, left))));
    const free = cores - taken.reduce((sum, { threads }) => sum + threads, 0);
    const threads = asked === undefined ? Math.min(share, Math.max(1, free)) : share;
    const room = roomFor({ threads, needBytes: scoreNeedBytes(score.subject) }, taken, { cores, freeBytes: freeMemory() });
    return room === 'yes' ? threads : null;
  }

  #launch({ run, score }: Next, threads: number): void {
    const { book, compute, deployed, log, awake, keepsAwake } = this.#parts;
    const now = book.time();
    const ofRun = run.state === 'queued' ? ({ state: 'running', started: run.started ?? now, ended: null, error: null } as const) : {};
    const started = book.changeScore(score.score, { state: 'running', started: score.started ?? now, ended: null, error: null }, ofRun);
    const parts: ScoreWorkParts = {
      ...{ compute, run, score: started, threads, needBytes: scoreNeedBytes(score.subject) },
      onProgress: (progress) => book.progressed(score.score, progress),
      onNote: (message) => log.info('a score says', { run: run.run, score: score.score, message }),
    };
    const work: Work = score.subject.kind === 'deployed' ? new DeployedWork({ ...parts, deployed }) : new ScoreWork(parts);
    this.#active.set(score.score, work);
    const isHeld = keepsAwake();
    if (isHeld) awake.hold();
    work.ended = this.#work(work).finally(() => {
      this.#active.delete(score.score);
      if (isHeld) awake.release();
      this.wake();
    });
  }

  async #work(work: Work): Promise<void> {
    const outcome: Outcome = await work.result().then(
      (result) => ({ result }),
      (thrown: unknown) => ({ error: toAppError(thrown) }),
    );
    const { log } = this.#parts;
    for (;;)
      try {
        this.#ends.write(work, outcome);
        return;
      } catch (error) {
        log.error('the end of a score cannot be written', {
          run: work.run,
          score: work.score,
          problem: error instanceof Error ? error.message : String(error),
        });
        // The next host goes on behind its records.
        if (work.wanted === 'close' || isAppError(error, 'SCORE_UNKNOWN')) return;
        await pause(this.#retryMs);
      }
  }
}

const placeOf = ({ run, queued }: StoredBenchmark): string => `${run} ${queued}`;
