import { expect, it } from 'vitest';
import type { ScheduleSlot } from '../../shared/contracts/schedule-calls.ts';
import { ScheduleRules } from '../../shared/domain/scheduler-config.ts';
import { emptyStore, execute, testTime } from '../../test/support/empty-store.ts';
import { testActor } from '../../test/support/small-home.ts';

const rules = ScheduleRules.parse({ cron_expression: '0 * * * *', benchmarks: ['arc_easy'], models: ['lathe-base'] });
const made = (name: string) => ({ name, rules, enabled: true, created: testTime, actor: testActor, since: testTime });
const at = (hour: number): string => `2026-05-01T0${String(hour)}:00:00.000Z`;
const slot = (hour: number, outcome: ScheduleSlot['outcome'] = 'started'): ScheduleSlot => ({
  slot: at(hour),
  at: at(hour),
  outcome,
  run: null,
  problem: null,
});

it('are kept by name, one of each', () => {
  const { schedules } = emptyStore().store;
  schedules.insert(made('nightly'));
  schedules.insert(made('hourly'));
  expect(() => schedules.insert(made('hourly'))).toThrow(expect.objectContaining({ code: 'SCHEDULE_NAME_TAKEN' }));
  expect(schedules.list()).toEqual(['hourly', 'nightly'].map((name) => ({ ...made(name), revision: 1 })));
  expect(schedules.find('weekly')).toBeNull();
  expect(() => schedules.get('weekly')).toThrow(expect.objectContaining({ code: 'SCHEDULE_UNKNOWN' }));
});

it('have another revision when somebody decides, not when time goes by', () => {
  const { schedules } = emptyStore().store;
  schedules.insert(made('hourly'));
  schedules.setSince('hourly', at(1));
  expect(schedules.get('hourly')).toMatchObject({ since: at(1), revision: 1 });
  schedules.update('hourly', { rules: { ...rules, limit: 3 }, enabled: false, since: at(2) });
  expect(schedules.get('hourly')).toMatchObject({ rules: { limit: 3 }, enabled: false, since: at(2), revision: 2 });
});

it('use each time once', () => {
  const { schedules } = emptyStore().store;
  for (const name of ['hourly', 'nightly']) schedules.insert(made(name));
  expect([schedules.claim('hourly', slot(1)), schedules.claim('hourly', slot(1, 'missed')), schedules.claim('nightly', slot(1))]).toEqual([true, false, true]);
  expect([schedules.isClaimed('hourly', at(1)), schedules.isClaimed('hourly', at(2))]).toEqual([true, false]);
  schedules.claim('hourly', slot(2));
  expect(schedules.history('hourly', 9)).toEqual([slot(2), slot(1)]);
  expect(schedules.history('hourly', 1)).toEqual([slot(2)]);
});

it('forget missed times that have not come yet, and no others', () => {
  const { schedules } = emptyStore().store;
  schedules.insert(made('hourly'));
  for (const each of [slot(1, 'missed'), slot(2), slot(3, 'missed')]) schedules.claim('hourly', each);
  schedules.forgetMissedAfter('hourly', at(1));
  expect(schedules.history('hourly', 9)).toEqual([slot(2), slot(1, 'missed')]);
});

it('go with their times', () => {
  const { schedules } = emptyStore().store;
  schedules.insert(made('hourly'));
  schedules.claim('hourly', slot(1));
  schedules.remove('hourly');
  schedules.insert(made('hourly'));
  expect(schedules.history('hourly', 9)).toEqual([]);
});

it('are refused where nobody can have made them', () => {
  const { store, path } = emptyStore();
  store.schedules.insert(made('hourly'));
  execute(path, `UPDATE schedules SET rules = '{}'`);
  expect(() => store.schedules.get('hourly')).toThrow(
    expect.objectContaining({ code: 'STORE_ROW_INVALID', facts: expect.objectContaining({ table: 'schedules', id: 'hourly' }) as unknown }),
  );
});
