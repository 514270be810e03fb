import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import { emptyStore, type EmptyStore } from '../../../test/support/empty-store.ts';
import { keepingLogger } from '../../../test/support/keeping-logger.ts';
import { by, hour, rules, ScheduleHost } from '../../../test/support/schedule-host.ts';
import { keptSlots } from '../../store/schedule-rows.ts';
import { openStore } from '../../store/store.ts';

function hosted(more: object = {}): ScheduleHost & EmptyStore {
  const made = emptyStore();
  const host = new ScheduleHost(made.store);
  host.schedules.add({ name: 'nightly', rules: rules(more), enabled: true }, by);
  return Object.assign(host, made, { lines: host.lines });
}

describe('a time that comes', () => {
  it('starts one run for what the rules name, whenever and however often one looks', async () => {
    const host = hosted({ limit: 5, num_fewshot: 2 });
    await host.at('2026-05-01T00:59:59Z');
    expect(host.runs()).toEqual([]);
    for (const time of [hour(1), hour(1), '2026-05-01T01:00:30Z']) await host.at(time);
    expect([host.runs(), host.history()]).toEqual([[`run-${hour(1)}`], ['01 started']]);
    expect(host.store.benchmarks.get(`run-${hour(1)}`)).toMatchObject({
      schedule: { name: 'nightly', slot: hour(1) },
      request: { models: ['lathe-base'], benchmarks: ['arc_easy'], limit: 5, num_fewshot: 2, adapter: null },
    });
    const last = host.events.at(-1);
    expect(last).toMatchObject({
      event: 'schedule.changed',
      data: { last: { slot: hour(1), outcome: 'started', run: `run-${hour(1)}` }, next: [hour(2), hour(3), hour(4), hour(5), hour(6)] },
    });
  });

  it('is left out, or queued, while the run before has not ended', async () => {
    const skipping = hosted();
    await skipping.at(hour(1));
    await skipping.at(hour(2));
    skipping.end(hour(1));
    await skipping.at(hour(3));
    expect([skipping.history(), skipping.runs()]).toEqual([
      ['01 started', '02 overlapped', '03 started'],
      [`run-${hour(1)}`, `run-${hour(3)}`],
    ]);
    const queueing = hosted({ overlap: 'queue' });
    for (const number of [1, 2, 3]) await queueing.at(hour(number));
    expect(queueing.history()).toEqual(['01 started', '02 started', '03 started']);
  });

  it('whose run cannot be started is written down with one line, told, and not tried again', async () => {
    const host = hosted();
    host.problem = new AppError('BENCHMARK_DATA_MISSING', { name: 'arc_easy', path: '/x', url: 'u', licence: 'l' });
    await host.at(hour(1));
    host.problem = new Error('first line\n  second line');
    await host.at(hour(2));
    host.problem = null;
    await host.at('2026-05-01T02:00:30Z');
    expect([host.history(), host.runs()]).toEqual([['01 failed', '02 failed'], []]);
    expect(host.schedules.history({ name: 'nightly', limit: 2 }).slots.map(({ problem }) => problem)).toEqual([
      'first line second line',
      'The items of arc_easy are not at /x',
    ]);
    expect(host.lines.filter(({ level }) => level === 'warn').map(({ message }) => message)).toEqual(Array(2).fill('a schedule could not start its run'));
    expect(host.events.filter(({ event, data }) => event === 'schedule.changed' && data.last?.outcome === 'failed')).toHaveLength(2);
  });
});

describe('times that nobody was there for', () => {
  it('are run once for all of them, or not at all', async () => {
    const [once, never] = [hosted(), hosted({ missed: 'skip' })];
    for (const host of [once, never]) for (const time of ['2026-05-01T05:20:00Z', '2026-05-01T05:20:30Z']) await host.at(time);
    expect(once.history()).toEqual(['01 missed', '02 missed', '03 missed', '04 missed', '05 started']);
    expect(never.history()).toEqual(['01 missed', '02 missed', '03 missed', '04 missed', '05 missed']);
    await never.at(hour(6));
    expect(never.history().at(-1)).toBe('06 started');
  });

  it('are not owed by a schedule that was off, which keeps its history', async () => {
    const host = hosted();
    await host.at(hour(1));
    host.end(hour(1));
    expect(host.schedules.update({ name: 'nightly', enabled: false }, by)).toMatchObject({ enabled: false, next: [], last: { slot: hour(1) } });
    await host.at('2026-05-01T04:10:00Z');
    host.schedules.update({ name: 'nightly', enabled: true }, by);
    await host.at('2026-05-01T04:11:00Z');
    expect(host.history()).toEqual(['01 started']);
    await host.at(hour(5));
    expect(host.history()).toEqual(['01 started', '05 started']);
  });

  it('are not owed by rules that were not there yet', async () => {
    const host = hosted();
    host.now = new Date('2026-05-01T03:10:00Z');
    host.schedules.update({ name: 'nightly', rules: rules({ cron_expression: '*/20 * * * *' }) }, by);
    await host.at('2026-05-01T03:20:00Z');
    expect(host.history()).toEqual(['03 started']);
  });
});

describe('a clock that is set', () => {
  it('back uses no time twice', async () => {
    const host = hosted({ overlap: 'queue' });
    for (const number of [1, 2, 3]) await host.at(hour(number));
    await host.at('2026-05-01T00:40:00Z');
    for (const number of [1, 2, 3, 4]) await host.at(hour(number));
    expect(host.history()).toEqual(['01 started', '02 started', '03 started', '04 started']);
  });

  it('forth by mistake takes away none of the times that are still to come, and uses the one it used once', async () => {
    const host = hosted({ overlap: 'queue' });
    await host.at(hour(1));
    await host.at('2026-05-01T05:30:00Z');
    expect(host.history()).toEqual(['01 started', '02 missed', '03 missed', '04 missed', '05 started']);
    await host.at('2026-05-01T01:31:00Z');
    for (const number of [2, 3, 4, 5, 6]) await host.at(hour(number));
    expect(host.history()).toEqual(['01 started', '02 started', '03 started', '04 started', '05 started', '06 started']);
    expect(host.runs()).toHaveLength(6);
    expect(host.lines.some(({ message }) => message.startsWith('the clock was set back'))).toBe(true);
  });
});

describe('two hosts over one database', () => {
  it('use each time once', async () => {
    const one = hosted({ overlap: 'queue' });
    const store = openStore(one.path, keepingLogger());
    onTestFinished(() => store.close());
    const two = new ScheduleHost(store, 'other');
    for (let number = 1; number < 20; number += 1) await Promise.all([one.at(hour(number)), two.at(hour(number)), one.at(hour(number))]);
    expect(one.history()).toEqual(Array.from({ length: 19 }, (_, i) => `${String(i + 1).padStart(2, '0')} started`));
    expect(new Set(one.runs().map((run) => run.slice(run.indexOf('-')))).size).toBe(19);
    expect(one.runs()).toHaveLength(19);
  });
});

describe('a schedule that is taken away while its run is being started', () => {
  it.each(['removed', 'switched off'])('has no run: %s', async (how) => {
    const host = hosted();
    const looking = host.at(hour(1));
    if (how === 'removed') host.schedules.remove({ name: 'nightly' }, by);
    else host.schedules.update({ name: 'nightly', enabled: false }, by);
    await looking;
    expect(host.runs()).toEqual([]);
    expect(host.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('a run by hand', () => {
  it('starts beside others, when it is off too, and takes no time away', async () => {
    const host = hosted();
    host.now = new Date(hour(1));
    const first = await host.schedules.runNow({ name: 'nightly' }, by);
    const second = await host.schedules.runNow({ name: 'nightly' }, by);
    expect(host.runs()).toEqual([first.run, second.run]);
    for (const run of host.runs()) host.store.benchmarks.update(run, { state: 'done' });
    await host.at(hour(1));
    expect(host.runs()).toHaveLength(3);
    host.schedules.update({ name: 'nightly', enabled: false }, by);
    await host.schedules.runNow({ name: 'nightly' }, by);
    expect(host.history()).toEqual(Array(4).fill('01 started'));
  });

  it('that cannot be started says why and leaves nothing', async () => {
    const host = hosted();
    host.problem = new AppError('BENCHMARK_UNKNOWN', { name: 'x', known: 'y' });
    await expect(host.schedules.runNow({ name: 'nightly' }, by)).rejects.toMatchObject({ code: 'BENCHMARK_UNKNOWN' });
    await expect(host.schedules.runNow({ name: 'nobody' }, by)).rejects.toMatchObject({ code: 'SCHEDULE_UNKNOWN' });
    expect(host.history()).toEqual([]);
  });
});

it('looks by itself when a time comes, and no more when it is closed', async () => {
  const made = emptyStore();
  const host = new ScheduleHost(made.store);
  Object.defineProperty(host, 'now', { get: () => new Date() });
  host.schedules.add({ name: 'nightly', rules: rules({ cron_expression: '* * * * * *', overlap: 'queue' }), enabled: true }, by);
  host.runner.start();
  await expect.poll(() => host.runs().length, { timeout: 20_000 }).toBeGreaterThan(1);
  await host.runner.close();
  const count = host.runs().length;
  await pause(1_500);
  expect(host.runs()).toHaveLength(count);
});

it('says so where the store cannot be read, and does not end', async () => {
  const host = hosted();
  host.store.close();
  await host.at(hour(1));
  expect(host.lines.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual(['the schedules cannot be worked on']);
});

describe('a host that is killed', () => {
  it.each(['before', 'within', 'after'])('%s the change that uses up a time lets the next one start its run, once', async (moment) => {
    const host = hosted();
    const script = join(import.meta.dirname, '..', '..', '..', 'test', 'support', 'die-in-schedule.ts');
    const { signal } = spawnSync(process.execPath, [script, host.path, moment, hour(1)]);
    expect(signal).toBe('SIGKILL');
    expect([host.history(), host.runs()]).toEqual(moment === 'after' ? [['01 started'], [`run-${hour(1)}`]] : [[], []]);
    for (const time of ['2026-05-01T01:20:00Z', '2026-05-01T01:20:30Z']) await host.at(time);
    expect([host.history(), host.runs()]).toEqual([['01 started'], [`run-${hour(1)}`]]);
  });
});

it('keeps the newest of its times, and lets none of the others come again', () => {
  const { store } = hosted();
  const slotOf = (number: number): string => new Date(Date.UTC(2026, 0, 1) + number * 3_600_000).toISOString();
  const claim = (number: number): boolean =>
    store.schedules.claim('nightly', { slot: slotOf(number), at: slotOf(number), outcome: 'missed', run: null, problem: null });
  for (let number = 0; number < keptSlots + 3; number += 1) expect(claim(number)).toBe(true);
  const kept = store.schedules.history('nightly', 5_000).map(({ slot }) => slot);
  expect([kept.length, kept[0], kept.at(-1)]).toEqual([keptSlots, slotOf(keptSlots + 2), slotOf(3)]);
  expect(claim(keptSlots)).toBe(false);
});
