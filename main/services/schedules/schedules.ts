/** What can be done with schedules. Whoever asks, through whichever door, comes here. */
import type { OutputOf, ParsedInputOf } from '../../../shared/contracts/calls.ts';
import type { Schedule } from '../../../shared/contracts/schedule-calls.ts';
import type { Actor } from '../../../shared/domain/actor.ts';
import { BenchmarkRequest } from '../../../shared/domain/benchmark-run.ts';
import type { ScheduleRules } from '../../../shared/domain/scheduler-config.ts';
import type { Slot } from '../benchmarks/benchmarks.ts';
import type { Caller } from '../caller.ts';
import { checkTimes, nextTimes } from './schedule-clock.ts';
import type { ScheduleBook } from './schedule-book.ts';

/** Starts benchmark runs. */
export interface BenchmarkStarter {
  start(request: BenchmarkRequest, by: { readonly actor: Actor }, slot: Slot): Promise<{ readonly run: string }>;
}

export interface SchedulesParts {
  readonly book: ScheduleBook;
  readonly benchmarks: BenchmarkStarter;
  /** Called when other times may be the next. */
  readonly onChange: () => void;
}

type By = Pick<Caller, 'actor' | 'revision'>;

export class Schedules {
  readonly #parts: SchedulesParts;

  constructor(parts: SchedulesParts) {
    this.#parts = parts;
  }

  list(): OutputOf<'schedules.list'> {
    const { book } = this.#parts;
    return { schedules: book.all().map((schedule) => book.shown(schedule)) };
  }

  /** Throws SCHEDULE_TIMES_INVALID, SCHEDULE_NAME_TAKEN. */
  add(input: ParsedInputOf<'schedules.add'>, { actor }: By): Schedule {
    const { book, onChange } = this.#parts;
    checkTimes(input.rules, book.now());
    const added = book.add(input, actor);
    onChange();
    return added;
  }

  /** Throws SCHEDULE_TIMES_INVALID, SCHEDULE_UNKNOWN, PRECONDITION_FAILED. */
  update({ name, ...changes }: ParsedInputOf<'schedules.update'>, by: By): Schedule {
    const { book, onChange } = this.#parts;
    if (changes.rules !== undefined) checkTimes(changes.rules, book.now());
    const updated = book.update(name, changes, by);
    onChange();
    return updated;
  }

  /** Throws SCHEDULE_UNKNOWN, PRECONDITION_FAILED. */
  remove({ name }: ParsedInputOf<'schedules.remove'>, by: By): null {
    return this.#parts.book.remove(name, by);
  }

  /** Also one that is off, and beside a run that has not ended. Throws SCHEDULE_UNKNOWN and what starting a benchmark throws. */
  async runNow({ name }: ParsedInputOf<'schedules.runNow'>, { actor }: By): Promise<OutputOf<'schedules.runNow'>> {
    const { book, benchmarks } = this.#parts;
    const { rules } = book.get(name);
    const slot = this.#freeMoment(name);
    const claim = (run: string): void => book.note(name, { slot, outcome: 'started', run, problem: null });
    const { run } = await benchmarks.start(requestOf(rules), { actor }, { schedule: { name, slot }, claim });
    return { run };
  }

  next({ rules, count }: ParsedInputOf<'schedules.next'>): OutputOf<'schedules.next'> {
    const now = this.#parts.book.now();
    checkTimes(rules, now);
    return { next: nextTimes({ rules, created: now.toISOString() }, now, count).map((time) => time.toISOString()) };
  }

  /** Throws SCHEDULE_UNKNOWN. */
  history({ name, limit }: ParsedInputOf<'schedules.history'>): OutputOf<'schedules.history'> {
    return { slots: [...this.#parts.book.history(name, limit)] };
  }

  /** Times of the clock are whole seconds; this one is none, so that it takes none away. */
  #freeMoment(name: string): string {
    const { book } = this.#parts;
    for (let ms = book.now().getTime(); ; ms += 1) {
      const slot = new Date(ms).toISOString();
      if (ms % 1_000 !== 0 && !book.isClaimed(name, slot)) return slot;
    }
  }
}

/** What its runs are asked for. */
export function requestOf({ models, benchmarks, data_folder, max_concurrency, limit, num_fewshot, chat_template, timeout }: ScheduleRules): BenchmarkRequest {
  return BenchmarkRequest.parse({ models, benchmarks, data_folder, max_concurrency, limit, num_fewshot, chat_template, timeout });
}
