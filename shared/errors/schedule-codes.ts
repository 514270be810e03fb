/** Failures of schedules: benchmarks by the clock. */
import type { ErrorRow } from './error-row.ts';

export const scheduleCodes = {
  SCHEDULE_UNKNOWN: { exit: 'usage', http: 404, retry: 'change', message: 'There is no schedule {name}', remedy: '`lathe schedule list` shows what there is.' },
  SCHEDULE_NAME_TAKEN: { exit: 'usage', http: 409, retry: 'change', message: 'There is a schedule {name} already', remedy: 'Choose another name, or remove that one with `lathe schedule remove {name}`.' },
  SCHEDULE_TIMES_INVALID: { exit: 'usage', http: 422, retry: 'change', message: '{key} {value} cannot be used: {problem}', remedy: 'Write a cron expression such as "0 2 * * *" (minute hour day month weekday), an interval such as 6h, a zone such as Europe/Berlin.' },
} as const satisfies Record<string, ErrorRow>;
