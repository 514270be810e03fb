/** Schedules as people read them: every time with its zone. */
import type { Schedule, ScheduleSlot } from '../../../shared/contracts/schedule-calls.ts';
import type { ScheduleRules } from '../../../shared/domain/scheduler-config.ts';
import { ownTimeZone } from '../../services/schedules/schedule-clock.ts';
import { table } from './table.ts';

export const zoneOf = (rules: ScheduleRules | null): string => rules?.time_zone ?? ownTimeZone();

/** `Fri 27 Nov 2026 02:00:00 Europe/Berlin`; seconds where there are any. */
export function timeText(iso: string, zone: string): string {
  const time = new Date(iso);
  const parts = new Intl.DateTimeFormat('en-GB', {
    ...{ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' },
    timeZone: zone,
  }).formatToParts(time);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((each) => each.type === type)?.value ?? '';
  const seconds = part('second') === '00' ? '' : `:${part('second')}`;
  return `${part('weekday')} ${part('day')} ${part('month')} ${part('year')} ${part('hour')}:${part('minute')}${seconds} ${zone}`;
}

export function whenText({ schedule_type: type, cron_expression: cron, interval }: ScheduleRules): string {
  if (type === 'manual') return 'by hand';
  return type === 'cron' ? `cron ${cron ?? ''}` : `every ${interval ?? ''}`;
}

const outcomes: Readonly<Record<ScheduleSlot['outcome'], string>> = {
  started: 'started',
  missed: 'missed',
  overlapped: 'left out, the run before was still going',
  failed: 'failed',
};

function outcomeText({ outcome, run, problem }: ScheduleSlot): string {
  return [outcomes[outcome], ...(run === null ? [] : [run]), ...(problem === null ? [] : [`(${problem})`])].join(' ');
}

/** One line a schedule, and below it the times that come. */
export function scheduleTable(schedules: readonly Schedule[]): readonly string[] {
  const heads = schedules.map(({ name, rules, enabled, last }) => [
    ...[name, enabled ? 'on' : 'off', whenText(rules), rules.models.join(','), rules.benchmarks.join(',')],
    last === null ? '-' : last.outcome,
  ]);
  const [titles = '', ...lines] = table([['schedule', 'is', 'when', 'models', 'benchmarks', 'last'], ...heads]);
  return [titles, ...lines.flatMap((line, i) => [line, ...nextLines(schedules[i]).map((text) => `    ${text}`)])];
}

const nextLines = (schedule: Schedule | undefined): readonly string[] =>
  schedule === undefined ? [] : schedule.next.map((time, i) => `${i === 0 ? 'next' : '    '}  ${timeText(time, zoneOf(schedule.rules))}`);

export function scheduleLines(schedule: Schedule): readonly string[] {
  const { name, rules, enabled, last, next } = schedule;
  const settings = [
    ...(rules.limit === null ? [] : [`first ${rules.limit} items`]),
    ...(rules.num_fewshot === 0 ? [] : [`${rules.num_fewshot}-shot`]),
    ...(rules.chat_template ? ['chat template'] : []),
    ...(rules.timeout === null ? [] : [`at most ${rules.timeout} a score`]),
    `${rules.max_concurrency} at a time`,
  ];
  return table([
    ['schedule', name],
    ['is', enabled ? 'on' : 'off'],
    ['when', rules.schedule_type === 'cron' ? `${whenText(rules)} (${zoneOf(rules)})` : whenText(rules)],
    ['models', rules.models.join(', ')],
    ['benchmarks', rules.benchmarks.join(', ')],
    ['settings', settings.join(', ')],
    ['missed times', rules.missed === 'run_once' ? 'one run for all of them' : 'left out'],
    ['overlap', rules.overlap === 'skip' ? 'left out while the run before is going' : 'queued'],
    ['last', last === null ? '-' : `${timeText(last.slot, zoneOf(rules))}: ${outcomeText(last)}`],
    ...next.map((time, i) => [i === 0 ? 'next' : '', timeText(time, zoneOf(rules))]),
  ]);
}

export const historyTable = (slots: readonly ScheduleSlot[], zone: string): readonly string[] =>
  table([['time', 'what became of it'], ...slots.map((slot) => [timeText(slot.slot, zone), outcomeText(slot)])]);
