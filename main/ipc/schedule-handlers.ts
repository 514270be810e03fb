/** Handlers of the calls about benchmarks by the clock. */
import type { ScheduleCallName } from '../../shared/contracts/schedule-calls.ts';
import type { Schedules } from '../services/schedules/schedules.ts';
import type { HandlersOf } from './handlers.ts';

export const scheduleHandlers = (schedules: Schedules): HandlersOf<ScheduleCallName> => ({
  'schedules.list': () => schedules.list(),
  'schedules.add': (input, caller) => schedules.add(input, caller),
  'schedules.update': (input, caller) => schedules.update(input, caller),
  'schedules.remove': (input, caller) => schedules.remove(input, caller),
  'schedules.runNow': (input, caller) => schedules.runNow(input, caller),
  'schedules.next': (input) => schedules.next(input),
  'schedules.history': (input) => schedules.history(input),
});
