/** When a schedule runs, in few words. */
import type { ScheduleRules } from '../../../shared/domain/scheduler-config.ts';
import { texts } from '../../texts/texts.ts';

const words = texts.schedules;

export function whenText({ schedule_type: type, cron_expression: cron, interval, time_zone: zone }: ScheduleRules): string {
  if (type === 'manual') return words.byHand;
  if (type === 'interval') return words.every(interval ?? '');
  return zone === null ? (cron ?? '') : `${cron ?? ''} ${words.inZone(zone)}`;
}
