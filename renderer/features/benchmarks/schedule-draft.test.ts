import { describe, expect, it } from 'vitest';
import { blankSchedule, checkSchedule, timesOf } from './schedule-draft.ts';

const whole = { ...blankSchedule, name: 'nightly', models: ['base'], benchmarks: ['piqa'] };

describe('a schedule that is written', () => {
  it('is whole with a name, models, tasks and a time', () => {
    const { rules, problems } = checkSchedule(whole);
    expect([...problems]).toEqual([]);
    expect(rules).toMatchObject({ cron_expression: '0 2 * * *', interval: null, time_zone: null, missed: 'run_once', overlap: 'skip' });
  });

  it('does not ask about what another kind of schedule needs', () => {
    expect(checkSchedule({ ...whole, schedule_type: 'manual', cron_expression: 'nonsense' }).rules).toMatchObject({ cron_expression: null });
    expect(checkSchedule({ ...whole, schedule_type: 'interval', interval: '6h' }).rules).toMatchObject({ interval: '6h', cron_expression: null });
    expect(checkSchedule({ ...whole, schedule_type: 'interval' }).problems.has('interval')).toBe(true);
  });

  it('says at its field what is wrong', () => {
    const { problems } = checkSchedule({ ...whole, name: 'Every Night', cron_expression: '0 2' });
    expect(problems.get('name')).toContain('Must be lower-case letters');
    expect(problems.get('cron_expression')).toContain('Must be a cron expression of five or six fields');
  });

  it('knows its times before models and tasks are chosen', () => {
    expect(timesOf(blankSchedule)?.cron_expression).toBe('0 2 * * *');
    expect(timesOf({ ...whole, limit: 'many' })).not.toBeNull();
    expect(timesOf({ ...blankSchedule, cron_expression: '' })).toBeNull();
  });
});
