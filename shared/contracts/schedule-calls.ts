/** Calls about benchmarks by the clock. */
import { z } from 'zod';
import { ScheduleRules } from '../domain/scheduler-config.ts';
import { call } from './call.ts';

export const ScheduleName = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/, { error: 'must be lower-case letters, digits, dots, dashes and underscores' });

const byName = z.strictObject({ name: z.string().min(1).max(200) });

/** What became of a time. */
export const SlotOutcome = z.enum(['started', 'missed', 'overlapped', 'failed']);
export type SlotOutcome = z.infer<typeof SlotOutcome>;

export const ScheduleSlot = z.object({
  /** The time it was for. */
  slot: z.iso.datetime(),
  /** When it was dealt with. */
  at: z.iso.datetime(),
  outcome: SlotOutcome,
  /** The benchmark run it started. */
  run: z.string().nullable(),
  /** Why it failed. */
  problem: z.string().nullable(),
});
export type ScheduleSlot = z.infer<typeof ScheduleSlot>;

export const Schedule = z.object({
  name: z.string(),
  rules: ScheduleRules,
  enabled: z.boolean(),
  created: z.iso.datetime(),
  /** The next times; none where it is off or started by hand. */
  next: z.array(z.iso.datetime()),
  last: ScheduleSlot.nullable(),
  revision: z.int().min(1),
});
export type Schedule = z.infer<typeof Schedule>;

export const scheduleCalls = {
  'schedules.list': call({ does: 'all schedules', role: 'viewer', input: z.strictObject({}), output: z.object({ schedules: z.array(Schedule) }) }),
  'schedules.add': call({
    does: 'make a schedule; one of that name is refused',
    role: 'trainer',
    input: z.strictObject({ name: ScheduleName, rules: ScheduleRules, enabled: z.boolean().default(true) }),
    output: Schedule,
  }),
  'schedules.update': call({
    does: 'change its rules, or switch it on and off',
    role: 'trainer',
    input: byName.extend({ rules: ScheduleRules.optional(), enabled: z.boolean().optional() }),
    output: Schedule,
  }),
  'schedules.remove': call({ does: 'remove a schedule; its runs stay', role: 'trainer', input: byName, output: z.null() }),
  'schedules.runNow': call({
    does: 'start it once, whatever the clock says',
    role: 'trainer',
    input: byName,
    output: z.object({ run: z.string() }),
  }),
  'schedules.next': call({
    does: 'the next times that rules would give',
    role: 'viewer',
    input: z.strictObject({ rules: ScheduleRules, count: z.int().min(1).max(50).default(5) }),
    output: z.object({ next: z.array(z.iso.datetime()) }),
  }),
  'schedules.history': call({
    does: 'what became of its times, newest first',
    role: 'viewer',
    input: byName.extend({ limit: z.int().min(1).max(1_000).default(100) }),
    output: z.object({ slots: z.array(ScheduleSlot) }),
  }),
} as const;
export type ScheduleCallName = keyof typeof scheduleCalls;

export const scheduleEvents = {
  'schedule.changed': Schedule,
  'schedule.removed': z.object({ name: z.string() }),
} as const;
