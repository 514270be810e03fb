import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScheduleRules } from '../../../shared/domain/scheduler-config.ts';
import { checkTimes, dueTimes, graceMs, mostAtOnce, nextTimes, type Timetable } from './schedule-clock.ts';

const made = '2026-01-01T00:00:00.000Z';
const what = { benchmarks: ['arc_easy'], models: ['lathe-base'] };
const timetable = (rules: object): Timetable => ({ rules: ScheduleRules.parse({ ...what, ...rules }), created: made });
const cron = (expression: string, zone = 'UTC', more: object = {}): Timetable => timetable({ cron_expression: expression, time_zone: zone, ...more });
const every = (interval: string, more: object = {}): Timetable => timetable({ schedule_type: 'interval', interval, ...more });
const next = (times: Timetable, after: string, count = 3): string[] => nextTimes(times, new Date(after), count).map((time) => time.toISOString());
const due = (times: Timetable, since: string, now: string) => {
  const { run, missed } = dueTimes(times, new Date(since), new Date(now));
  const iso = (dates: readonly Date[]): string[] => dates.map((time) => time.toISOString());
  return { run: iso(run), missed: iso(missed) };
};

describe('a job at 02:30 when the clocks change', () => {
  it.each([
    // In spring that time does not come: the job runs when the clock goes on, at 03:00.
    ['Europe/Berlin', '2026-03-28T02:00:00Z', ['2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z', '2026-03-31T00:30:00.000Z']],
    ['America/New_York', '2026-03-07T08:00:00Z', ['2026-03-08T07:00:00.000Z', '2026-03-09T06:30:00.000Z', '2026-03-10T06:30:00.000Z']],
    // In autumn it comes twice in Berlin: the job runs the first time. In New York the hour from one to two is the one that comes twice.
    ['Europe/Berlin', '2026-10-24T01:00:00Z', ['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z', '2026-10-27T01:30:00.000Z']],
    ['America/New_York', '2026-10-31T07:00:00Z', ['2026-11-01T07:30:00.000Z', '2026-11-02T07:30:00.000Z', '2026-11-03T07:30:00.000Z']],
  ])('runs once in %s after %s', (zone, after, times) => {
    expect(next(cron('30 2 * * *', zone), after)).toEqual(times);
  });

  it('runs at 01:30 once on the day that has it twice in New York, whenever one asks', () => {
    const daily = cron('30 1 * * *', 'America/New_York');
    expect(next(daily, '2026-11-01T04:00:00Z', 2)).toEqual(['2026-11-01T05:30:00.000Z', '2026-11-02T06:30:00.000Z']);
    expect(next(daily, '2026-11-01T05:30:00Z', 1)).toEqual(['2026-11-02T06:30:00.000Z']);
    expect(next(daily, '2026-11-01T06:10:00Z', 1)).toEqual(['2026-11-02T06:30:00.000Z']);
  });

  it('runs every hour of the day that has 25, and of the day that has 23', () => {
    expect(next(cron('0 * * * *', 'Europe/Berlin'), '2026-10-24T22:00:00Z', 25).at(-1)).toBe('2026-10-25T23:00:00.000Z');
    expect(next(cron('0 * * * *', 'Europe/Berlin'), '2026-03-28T23:00:00Z', 23).at(-1)).toBe('2026-03-29T22:00:00.000Z');
  });
});

describe('the next times', () => {
  it('are on days that there are', () => {
    expect(next(cron('0 0 31 * *'), made)).toEqual(['2026-01-31T00:00:00.000Z', '2026-03-31T00:00:00.000Z', '2026-05-31T00:00:00.000Z']);
    expect(next(cron('0 0 L * *'), made)).toEqual(['2026-01-31T00:00:00.000Z', '2026-02-28T00:00:00.000Z', '2026-03-31T00:00:00.000Z']);
    expect(next(cron('0 12 29 2 *'), made)).toEqual(['2028-02-29T12:00:00.000Z', '2032-02-29T12:00:00.000Z', '2036-02-29T12:00:00.000Z']);
  });

  it('have seconds where there are six fields', () => {
    expect(next(cron('*/20 * * * * *'), '2026-01-01T00:00:00.500Z')).toEqual([
      '2026-01-01T00:00:20.000Z',
      '2026-01-01T00:00:40.000Z',
      '2026-01-01T00:01:00.000Z',
    ]);
  });

  it('of an interval count from when it was made', () => {
    expect(next(every('6h'), '2026-01-01T07:00:00Z')).toEqual(['2026-01-01T12:00:00.000Z', '2026-01-01T18:00:00.000Z', '2026-01-02T00:00:00.000Z']);
    expect(next(every('6h'), '2025-06-01T00:00:00Z', 1)).toEqual(['2026-01-01T06:00:00.000Z']);
    expect(next(every('1.5s'), made, 2)).toEqual(['2026-01-01T00:00:01.500Z', '2026-01-01T00:00:03.000Z']);
  });

  it('are none by hand', () => {
    expect(next(timetable({ schedule_type: 'manual' }), made)).toEqual([]);
  });

  it('are behind the moment asked for, in order, and none is between, wherever one asks', () => {
    const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC');
    const expressions = fc.constantFrom('30 2 * * *', '*/30 1-3 * * *', '0 0 L * *', '59 1 * * 0', '0 */2 * * *');
    // Half of them around a clock change.
    const moments = fc.oneof(
      fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2027, 0) }),
      fc
        .tuple(fc.constantFrom(Date.UTC(2026, 2, 29, 1), Date.UTC(2026, 9, 25, 1), Date.UTC(2026, 10, 1, 6)), fc.integer({ min: -9e6, max: 9e6 }))
        .map(([at, by]) => at + by),
    );
    fc.assert(
      fc.property(zones, expressions, moments, (zone, expression, moment) => {
        const times = cron(expression, zone);
        const [one, two] = nextTimes(times, new Date(moment), 2).map((time) => time.getTime());
        if (one === undefined || two === undefined) throw new Error('there is always a next');
        expect(one > moment && two > one).toBe(true);
        expect(nextTimes(times, new Date(one - 1), 1)[0]?.getTime()).toBe(one);
        expect(nextTimes(times, new Date(Math.floor((one + two) / 2)), 1)[0]?.getTime()).toBe(two);
      }),
      { numRuns: 200 },
    );
  });
});

describe('rules that give no time', () => {
  it.each([
    [{ cron_expression: '61 * * * *' }, /^cron_expression "61 \* \* \* \*" cannot be used: Invalid value for minute: 61$/],
    [{ cron_expression: 'a b c d e' }, /^cron_expression "a b c d e" cannot be used: configuration entry 1 \(a\) contains illegal characters$/],
    [{ cron_expression: '0 0 31 2 *' }, /that time never comes$/],
    [{ cron_expression: '0 2 * * *', time_zone: 'Mars/Olympus' }, /^time_zone "Mars\/Olympus" cannot be used: there is no such time zone$/],
    [{ schedule_type: 'interval', interval: '1h', time_zone: 'x' }, /no such time zone$/],
  ])('%j are refused', (rules, words) => {
    expect(() => checkTimes(timetable(rules).rules, new Date(made))).toThrow(words);
  });

  it.each([[{ schedule_type: 'interval' }], [{ schedule_type: 'cron' }], [{ schedule_type: 'interval', interval: '0s' }], [{ cron_expression: '@daily' }]])(
    '%j are none',
    (rules) => {
      expect(ScheduleRules.safeParse({ ...what, ...rules }).success).toBe(false);
    },
  );
});

describe('times that have passed', () => {
  const hourly = cron('0 * * * *');
  const careless = cron('0 * * * *', 'UTC', { missed: 'skip' });

  it('are run while they are fresh', () => {
    expect(due(hourly, made, '2026-01-01T00:59:59.999Z')).toEqual({ run: [], missed: [] });
    for (const times of [hourly, careless])
      for (const now of ['2026-01-01T01:00:00Z', '2026-01-01T01:01:00Z'])
        expect(due(times, made, now)).toEqual({ run: ['2026-01-01T01:00:00.000Z'], missed: [] });
  });

  it('are missed a minute later: the newest is run for all of them, or none is', () => {
    const missed = ['2026-01-01T01:00:00.000Z', '2026-01-01T02:00:00.000Z'];
    expect(due(hourly, made, '2026-01-01T03:01:00.001Z')).toEqual({ run: ['2026-01-01T03:00:00.000Z'], missed });
    expect(due(careless, made, '2026-01-01T03:01:00.001Z')).toEqual({ run: [], missed: [...missed, '2026-01-01T03:00:00.000Z'] });
  });

  it('are made up for by one that comes now', () => {
    expect(due(hourly, made, '2026-01-01T02:00:10Z')).toEqual({ run: ['2026-01-01T02:00:00.000Z'], missed: ['2026-01-01T01:00:00.000Z'] });
  });

  it('of a year are as many as can be told, and cost no year', () => {
    const start = performance.now();
    const { run, missed } = due(cron('* * * * * *'), made, '2027-01-01T00:02:00Z');
    expect([run.length + missed.length, run.length, run[0], run.at(-1)]).toEqual([
      mostAtOnce,
      graceMs / 1_000 + 1,
      '2027-01-01T00:01:00.000Z',
      '2027-01-01T00:02:00.000Z',
    ]);
    expect(performance.now() - start).toBeLessThan(5_000);
    expect(due(every('1s'), made, '2027-01-01T00:02:00Z').missed.at(0)).toBe('2026-12-31T23:58:41.000Z');
  });

  it('are each in one list, and none before `since` or after now', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 864e5 }), fc.integer({ min: -36e5, max: 864e5 }), fc.boolean(), (begin, span, isInterval) => {
        const times = isInterval ? every('17m') : cron('*/17 * * * *', 'Europe/Berlin');
        const [since, now] = [Date.parse(made) + begin, Date.parse(made) + begin + span];
        const { run, missed } = dueTimes(times, new Date(since), new Date(now));
        const all = [...missed, ...run].map((time) => time.getTime());
        expect(all).toEqual(
          nextTimes(times, new Date(since), 100)
            .map((time) => time.getTime())
            .filter((time) => time <= now),
        );
        if (all.length > 0) expect(run.length).toBeGreaterThan(0);
      }),
    );
  });
});
