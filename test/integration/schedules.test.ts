/** Benchmarks by the clock, in a real host: a cron of every second on the embedded model. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { projectFiles } from '../../main/platform/project-files.ts';
import type { BenchmarkRun, BenchmarkRunDetails } from '../../shared/contracts/benchmark-calls.ts';
import type { Schedule, ScheduleSlot } from '../../shared/contracts/schedule-calls.ts';
import { hostOfTests } from '../support/host-of-tests.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const host = await hostOfTests(folder);
const call = async <Answer>(name: string, input: object): Promise<Answer> => {
  const answer = await host.post(`/v1/calls/${name}`, input);
  expect(`${name} ${answer.status} ${answer.status === 200 ? '' : answer.text}`).toBe(`${name} 200 `);
  return JSON.parse(answer.text) as Answer;
};
const untilDone = async (run: string): Promise<BenchmarkRunDetails> => {
  for (;;) {
    const found = await call<BenchmarkRunDetails>('benchmarks.get', { run });
    if (found.state === 'done') return found;
    expect(['queued', 'running']).toContain(found.state);
    await pause(50);
  }
};
const samples = join(projectFiles.benchmarks, 'samples');

it('a cron of every second scores the embedded model, each time once', { timeout: 120_000 }, async () => {
  const rules = { cron_expression: '* * * * * *', benchmarks: ['boolq'], models: ['lathe-base'], limit: 5, data_folder: samples };
  const { next } = await call<Schedule>('schedules.add', { name: 'quick', rules });
  expect(next).toHaveLength(5);
  let done: readonly BenchmarkRun[] = [];
  while (done.length < 3) {
    await pause(200);
    done = (await call<{ runs: BenchmarkRun[] }>('benchmarks.list', { schedule: 'quick', state: ['done'] })).runs;
  }
  await call('schedules.update', { name: 'quick', enabled: false });
  const { scores } = await untilDone(done[0]?.run ?? '');
  expect(scores).toMatchObject([{ state: 'done', result: { limit: 5, items: 5 } }]);
  const { slots } = await call<{ slots: ScheduleSlot[] }>('schedules.history', { name: 'quick' });
  const runs = await call<{ runs: BenchmarkRun[] }>('benchmarks.list', { schedule: 'quick' });
  const started = slots.filter(({ outcome }) => outcome === 'started');
  expect(started.map(({ run }) => run)).toEqual(runs.runs.map(({ run }) => run));
  expect(new Set(started.map(({ slot }) => slot)).size).toBe(started.length);
  expect(slots.every(({ slot, outcome }) => slot.endsWith('.000Z') && (outcome === 'started' || outcome === 'overlapped'))).toBe(true);
});
