/** `lathe schedule add|list|show|enable|disable|run|history|remove`: benchmarks by the clock. */
import { Command } from 'commander';
import type { Schedule } from '../../../shared/contracts/schedule-calls.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { askCore } from '../ask-core.ts';
import { followBenchmark, type BeginBenchmark } from '../follow-benchmark.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { addScheduleFlags, rulesFromFlags, type ScheduleOptions } from '../options/schedule-options.ts';
import { historyTable, scheduleLines, scheduleTable, zoneOf } from '../output/schedule-text.ts';
import { detachBenchmark, tellBenchmarkEnd } from './benchmark-run.ts';

export function scheduleCommand(host: HostSource): Command {
  const command = new Command('schedule').description('benchmarks by the clock');
  const add = (name: string, text: string): Command => {
    const sub = new Command(name).description(text).argument('<name>', 'of the schedule');
    command.addCommand(sub);
    return sub;
  };
  addScheduleFlags(add('add', 'make a schedule; a host that stays (the window, lathe serve) runs it'))
    .option('--disabled', 'switched off at first')
    .action((name: string, options: ScheduleOptions) => addSchedule(host(), name, options));
  command
    .command('list')
    .description('all schedules and their next times')
    .action(() => list(host()));
  add('show', 'one schedule: its rules, its next times, what became of the last').action((name: string) => show(host(), name));
  add('enable', 'switch it on; times that passed while it was off are not made up for').action((name: string) => setEnabled(host(), name, true));
  add('disable', 'switch it off; its history stays').action((name: string) => setEnabled(host(), name, false));
  add('run', 'start it once, now')
    .option('--detach', 'leave the run to a host in the background')
    .action((name: string, options: { detach?: boolean }) => run(host(), name, options));
  add('history', 'what became of its times, newest first').action((name: string) => history(host(), name));
  add('remove', 'remove a schedule; its runs stay').action((name: string) => remove(host(), name));
  return command;
}

async function addSchedule(host: Host, name: string, options: ScheduleOptions): Promise<void> {
  const rules = rulesFromFlags(options);
  const added = await askCore(host, (door) => door.call('schedules.add', { name, rules, enabled: options.disabled !== true }));
  host.reporter.done(added, [`Made ${name}.`, ...scheduleLines(added)]);
}

async function list(host: Host): Promise<void> {
  const { schedules } = await askCore(host, (door) => door.call('schedules.list', {}));
  host.reporter.done({ schedules }, schedules.length === 0 ? ['No schedules. Make one with: lathe schedule add NAME …'] : scheduleTable(schedules));
}

async function show(host: Host, name: string): Promise<void> {
  const schedule = await find(host, name);
  host.reporter.done(schedule, scheduleLines(schedule));
}

/** Throws SCHEDULE_UNKNOWN. */
const find = (host: Host, name: string): Promise<Schedule> =>
  askCore(host, async (door) => {
    const { schedules } = await door.call('schedules.list', {});
    return schedules.find((each) => each.name === name) ?? unknown(name);
  });

function unknown(name: string): never {
  throw new AppError('SCHEDULE_UNKNOWN', { name });
}

async function setEnabled(host: Host, name: string, enabled: boolean): Promise<void> {
  const schedule = await askCore(host, (door) => door.call('schedules.update', { name, enabled }));
  host.reporter.done(schedule, [`${name} is ${enabled ? 'on' : 'off'}.`, ...scheduleLines(schedule)]);
}

async function run(host: Host, name: string, { detach }: { readonly detach?: boolean }): Promise<void> {
  const begin: BeginBenchmark = async (door) => door.call('benchmarks.get', { run: (await door.call('schedules.runNow', { name })).run });
  if (detach === true) return detachBenchmark(host, begin);
  const door = await host.openDoor('training');
  try {
    tellBenchmarkEnd(host, await followBenchmark(host, door, begin));
  } finally {
    await door.close();
  }
}

async function history(host: Host, name: string): Promise<void> {
  const { slots, zone } = await askCore(host, async (door) => {
    const { slots: found } = await door.call('schedules.history', { name });
    const { schedules } = await door.call('schedules.list', {});
    return { slots: found, zone: zoneOf(schedules.find((each) => each.name === name)?.rules ?? null) };
  });
  host.reporter.done({ slots }, slots.length === 0 ? [`No time of ${name} has come yet.`] : historyTable(slots, zone));
}

async function remove(host: Host, name: string): Promise<void> {
  await askCore(host, (door) => door.call('schedules.remove', { name }));
  host.reporter.done({ name }, [`Removed ${name}; the runs that it started stay.`]);
}
