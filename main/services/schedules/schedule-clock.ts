/** When a schedule's times are, and which of them are due: from its rules and what the clock says, nothing else. */
import { Cron } from 'croner';
import { durationMs } from '../../../shared/domain/duration.ts';
import type { ScheduleRules } from '../../../shared/domain/scheduler-config.ts';
import { AppError } from '../../../shared/errors/app-error.ts';

/** A time that is longer past than this was missed. */
export const graceMs = 60_000;
/** As many missed times are written down at once, the newest. */
export const mostAtOnce = 200;

export interface Timetable {
  readonly rules: ScheduleRules;
  /** When it was made: intervals count from there. */
  readonly created: string;
}

/** What is to be done about the times that have passed, each list in their order. */
export interface Due {
  readonly run: readonly Date[];
  readonly missed: readonly Date[];
}

/** Where its times are, next ones and past ones. */
interface Times {
  /** The first behind a moment; null: there is none. */
  next(after: number): number | null;
  /** The last so many at a moment or before it, the newest first. */
  last(moment: number, count: number): readonly number[];
}

const none: Times = { next: () => null, last: () => [] };

export const ownTimeZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

function timesOf({ rules, created }: Timetable): Times {
  const { schedule_type: type, cron_expression: cron, interval } = rules;
  if (type === 'cron' && cron !== null) return cronTimes(cron, rules.time_zone ?? ownTimeZone());
  return type === 'interval' && interval !== null ? intervalTimes(Date.parse(created), durationMs(interval)) : none;
}

/** A time that the clock leaves out in spring comes when it goes on; one that comes twice in autumn is taken the first time, unless the hour is a star. */
function cronTimes(expression: string, timezone: string): Times {
  const cron = new Cron(expression.trim(), { timezone, paused: true, mode: '5-or-6-parts' });
  return {
    next: (after) => cron.nextRun(new Date(after))?.getTime() ?? null,
    last: (moment, count) => cron.previousRuns(count, new Date(moment + 1)).map((time) => time.getTime()),
  };
}

function intervalTimes(origin: number, stepMs: number): Times {
  const at = (number: number): number => Math.round(origin + number * stepMs);
  return {
    next: (after) => {
      const number = Math.max(1, Math.floor((after - origin) / stepMs));
      return [number, number + 1, number + 2].map(at).find((time) => time > after) ?? null;
    },
    last: (moment, count) => {
      const newest = Math.floor((moment - origin) / stepMs);
      return Array.from({ length: Math.max(0, Math.min(count, newest)) }, (_, i) => at(newest - i));
    },
  };
}

/** Throws SCHEDULE_TIMES_INVALID where the rules give no time, or cannot be read. */
export function checkTimes(rules: ScheduleRules, now: Date): void {
  const { schedule_type: type, cron_expression: cron, time_zone: zone } = rules;
  if (zone !== null && !isTimeZone(zone)) throw invalid('time_zone', zone, 'there is no such time zone');
  if (type !== 'cron' || cron === null) return;
  let first: readonly Date[];
  try {
    first = nextTimes({ rules, created: now.toISOString() }, now, 1);
  } catch (error) {
    throw invalid('cron_expression', cron, error instanceof Error ? error.message.replace(/^CronPattern: /, '').replace(/\.$/, '') : String(error));
  }
  if (first.length === 0) throw invalid('cron_expression', cron, 'that time never comes');
}

const invalid = (key: string, value: string, problem: string): AppError =>
  new AppError('SCHEDULE_TIMES_INVALID', { key, value: JSON.stringify(value), problem });

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export function nextTimes(timetable: Timetable, after: Date, count: number): readonly Date[] {
  const times = timesOf(timetable);
  const found: Date[] = [];
  let last = after.getTime();
  while (found.length < count) {
    const next = times.next(last);
    if (next === null) break;
    found.push(new Date(next));
    last = next;
  }
  return found;
}

/** The times behind `since` up to `now`: all of them, or the newest where they are too many. */
function timesBetween(timetable: Timetable, since: number, now: number): readonly number[] {
  const times = timesOf(timetable);
  const found: number[] = [];
  for (let next = times.next(since); next !== null && next <= now; next = times.next(next)) {
    if (found.length === mostAtOnce) return times.last(now, mostAtOnce).toReversed();
    found.push(next);
  }
  return found;
}

/** A time that comes now makes up for the missed ones before it; else the newest of those does, where the rules say so. */
export function dueTimes(timetable: Timetable, since: Date, now: Date): Due {
  const times = timesBetween(timetable, since.getTime(), now.getTime()).map((time) => new Date(time));
  const isLate = (time: Date): boolean => now.getTime() - time.getTime() > graceMs;
  const [late, fresh] = [times.filter(isLate), times.filter((time) => !isLate(time))];
  if (fresh.length > 0 || timetable.rules.missed === 'skip') return { run: fresh, missed: late };
  return { run: late.slice(-1), missed: late.slice(0, -1) };
}
