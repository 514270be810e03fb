import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { insertRun, ownFolder } from '../../test/support/empty-store.ts';
import { testRequest } from '../../test/support/run-folder.ts';
import { testCore } from '../../test/support/test-core.ts';
import { ComputeJobs } from './compute-jobs.ts';
import { PlanAhead } from './plan-ahead.ts';

/** Over compute processes that plan the bytes that the data's name says. */
async function planning({ compute }: { compute?: ComputeJobs } = {}) {
  const core = testCore(ownFolder());
  onTestFinished(() => core.store.close());
  await core.scheduler.close();
  const told: unknown[] = [];
  let hear = (): void => undefined;
  const tell = (what: unknown): void => {
    told.push(what);
    hear();
  };
  const plans = new PlanAhead({
    compute: compute ?? core.jobs,
    onPlanned: (run, { memory }) => tell([run, memory.total_bytes]),
    onFailed: (run, error) => tell([run, (error as Error).message]),
  });
  onTestFinished(() => plans.close());
  const run = (id: string, bytes: number) =>
    core.store.runs.get(insertRun(core.store, id, { dir: join(core.paths.runs, id), request: testRequest('done', { data: `/rows ${bytes}` }) }));
  return { plans, told, run, heard: () => new Promise<void>((resolve) => (hear = resolve)) };
}

describe('a plan made ahead', () => {
  it('says what a queued run will take', async () => {
    const { plans, told, run, heard } = await planning();
    const next = heard();
    plans.begin(run('a', 500));
    await next;
    expect(told).toEqual([['a', 500]]);
  });

  it('is made one at a time: another is asked for again when that has ended', async () => {
    const { plans, told, run, heard } = await planning();
    const [a, b] = [run('a', 500), run('b', 600)];
    const first = heard();
    plans.begin(a);
    plans.begin(b);
    await first;
    expect(told).toEqual([['a', 500]]);
    const second = heard();
    plans.begin(b);
    await second;
    expect(told).toEqual([
      ['a', 500],
      ['b', 600],
    ]);
  });

  it('is told to nobody after the end', async () => {
    const { plans, told, run } = await planning();
    plans.begin(run('a', 500));
    await plans.close();
    plans.begin(run('b', 500));
    await plans.close();
    expect(told).toEqual([]);
  });

  it('that cannot be made says why, and keeps no later one away', async () => {
    const compute = new ComputeJobs({ supervisor: undefined as never, engine: () => Promise.reject(new Error('no engine')), power: undefined as never });
    const { plans, told, run, heard } = await planning({ compute });
    for (const id of ['a', 'b']) {
      const next = heard();
      plans.begin(run(id, 1));
      await next;
    }
    expect(told).toEqual([
      ['a', 'no engine'],
      ['b', 'no engine'],
    ]);
  });
});
