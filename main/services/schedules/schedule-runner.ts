/** Starts benchmark runs when their times come. What has been dealt with stands in the store, so that neither a crash nor a clock that jumps takes or repeats a time. */
import type { Logger } from '../../platform/logger.ts';
import type { StoredSchedule } from '../../store/schedule-rows.ts';
import { requestOf, type BenchmarkStarter } from './schedules.ts';
import { dueTimes, graceMs, nextTimes } from './schedule-clock.ts';
import { SlotTaken, type ScheduleBook } from './schedule-book.ts';

export interface ScheduleRunnerParts {
  readonly book: ScheduleBook;
  readonly benchmarks: BenchmarkStarter;
  readonly log: Logger;
  /**
   * The longest sleep. Timers do not count the time that a machine sleeps, and know nothing of a clock that is set: the clock is read anew at least so
   * often, and well within the grace.
   */
  readonly longestMs?: number;
}

export class ScheduleRunner {
  readonly #parts: ScheduleRunnerParts;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;
  #isWoken = false;
  #isRunning = false;
  #isClosing = false;

  constructor(parts: ScheduleRunnerParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#isRunning = true;
    this.wake();
  }

  /** Looks at the clock soon; calling it once too often costs nothing. */
  wake(): void {
    if (!this.#isRunning) return;
    this.#isWoken = true;
    this.#sleep(0);
  }

  /** No run is started after this; one that is being started is. */
  async close(): Promise<void> {
    this.#isRunning = false;
    this.#isClosing = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#looking;
  }

  #sleep(ms: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.look(), ms);
    this.#timer.unref();
  }

  /** Deals with what is due now. One looks at a time. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
      if (this.#isRunning) this.#sleep(this.#isWoken ? 0 : this.#untilNext());
    });
    return this.#looking;
  }

  async #look(): Promise<void> {
    const { book, log } = this.#parts;
    this.#isWoken = false;
    try {
      for (const schedule of book.all()) if (schedule.enabled) await this.#settle(schedule);
    } catch (error) {
      // What was not written down is still due.
      log.error('the schedules cannot be worked on', { problem: problemOf(error) });
    }
  }

  #untilNext(): number {
    const { book, log, longestMs = graceMs / 2 } = this.#parts;
    const now = book.now();
    try {
      const next = book.all().flatMap((schedule) => (schedule.enabled ? nextTimes(schedule, now, 1) : []));
      return Math.min(longestMs, ...next.map((time) => time.getTime() - now.getTime()));
    } catch (error) {
      log.error('the schedules cannot be read', { problem: problemOf(error) });
      return longestMs;
    }
  }

  async #settle(schedule: StoredSchedule): Promise<void> {
    const { book, log } = this.#parts;
    const { name } = schedule;
    const now = book.now();
    const since = new Date(schedule.since);
    if (since > now) {
      this.#turnBack(schedule, now);
      return;
    }
    const { run, missed } = dueTimes(schedule, since, now);
    try {
      if (missed.length > 0) {
        book.miss(name, missed);
        log.warn('times of a schedule were missed', { schedule: name, missed: missed.length, last: missed.at(-1)?.toISOString() ?? '' });
      }
      for (const time of run) {
        if (this.#isClosing) return;
        await this.#fire(schedule, time);
      }
    } catch (error) {
      if (!(error instanceof SlotTaken)) throw error;
      log.info('a schedule was changed while its times were dealt with', { schedule: name });
    }
  }

  #turnBack({ name, since }: StoredSchedule, now: Date): void {
    const { book, log } = this.#parts;
    if (Date.parse(since) - now.getTime() > graceMs) log.warn('the clock was set back; times that were used are not used again', { schedule: name, since });
    book.turnBack(name, now);
  }

  async #fire(schedule: StoredSchedule, time: Date): Promise<void> {
    const { book, log } = this.#parts;
    const { name, rules } = schedule;
    const slot = time.toISOString();
    if (book.isClaimed(name, slot)) {
      book.settle(name, time);
      return;
    }
    if (rules.overlap === 'skip' && book.isBusy(name)) {
      log.info('a time of a schedule was left out, the run before is still going', { schedule: name, slot });
      book.claim(name, { slot, outcome: 'overlapped', run: null, problem: null });
      return;
    }
    const problem = await this.#tryStart(schedule, slot);
    if (problem === null) return;
    log.warn('a schedule could not start its run', { schedule: name, slot, problem });
    book.claim(name, { slot, outcome: 'failed', run: null, problem });
  }

  /** Returns why it could not. Throws SlotTaken. */
  async #tryStart({ name, rules, actor }: StoredSchedule, slot: string): Promise<string | null> {
    const { book, benchmarks, log } = this.#parts;
    const claim = (run: string): void => book.claim(name, { slot, outcome: 'started', run, problem: null });
    try {
      const { run } = await benchmarks.start(requestOf(rules), { actor }, { schedule: { name, slot }, claim });
      log.info('a schedule started a run', { schedule: name, slot, benchmark: run });
      return null;
    } catch (error) {
      if (error instanceof SlotTaken) throw error;
      return problemOf(error);
    }
  }
}

/** One line. */
const problemOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).replaceAll(/\s*\n\s*/g, ' ');
