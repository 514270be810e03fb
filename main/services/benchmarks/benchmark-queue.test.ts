import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { afterEach, describe, expect, it } from 'vitest';
import { benchmarkIsActive, type BenchmarkScore } from '../../../shared/domain/benchmark-run.ts';
import { isEnded } from '../../../shared/domain/run-state.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { testBenchmarks, type TestBenchmarks } from '../../../test/support/test-benchmarks.ts';
import { testCaller } from '../../../test/support/test-core.ts';
import { recoverBenchmarks } from './recover-benchmarks.ts';

const folder = temporaryFolder();
const open: TestBenchmarks[] = [];
let number = 0;

function core(options: Parameters<typeof testBenchmarks>[1] = {}, home = join(folder, String((number += 1)))): TestBenchmarks {
  mkdirSync(home, { recursive: true });
  const made = testBenchmarks(home, options);
  open.push(made);
  return made;
}
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const hasEnded = ({ state }: { readonly state: Parameters<typeof benchmarkIsActive>[0] }): boolean => !benchmarkIsActive(state);
const threadsOf = ({ store }: TestBenchmarks, run: string): (number | undefined)[] => store.scores.ofRun(run).map(({ result }) => result?.items);
const scoresIn = ({ events }: TestBenchmarks): BenchmarkScore[] => events.flatMap((event) => (event.event === 'benchmark.scored' ? [event.data] : []));
const mostAtOnce = (bench: TestBenchmarks): number => {
  const running = new Set<string>();
  return Math.max(...scoresIn(bench).map(({ score, state }) => (state === 'running' ? running.add(score) : running.delete(score), running.size)));
};

describe('the queue of benchmarks', { timeout: 30_000 }, () => {
  it('makes the scores of a run one by one, each with every thread, and writes them into its folder', async () => {
    const bench = core();
    const run = bench.score(['done a', 'done b'], ['x', 'y']);
    const { state, dir } = await bench.untilScored(run, hasEnded);
    expect([state, bench.statesOf(run), threadsOf(bench, run), mostAtOnce(bench)]).toEqual(['done', Array(4).fill('done'), [2, 2, 2, 2], 1]);
    expect(readdirSync(dir).sort()).toEqual(['1-x.result.json', '2-y.result.json', '3-x.result.json', '4-y.result.json', 'benchmark.yaml']);
    expect(parse(readFileSync(join(dir, 'benchmark.yaml'), 'utf8'))).toMatchObject({
      run,
      state: 'done',
      scores: [{ position: 1, task: 'x', state: 'done' }, {}, {}, {}],
    });
    expect(bench.store.audit.list({ limit: 9, before: null })).toMatchObject([{ action: 'test', subject: `benchmark ${run}` }]);
  });

  it('makes as many side by side as asked for, and divides the threads', async () => {
    const bench = core();
    const run = bench.score(['done a', 'done b'], ['x', 'y'], { max_concurrency: 2, cpu_optimization: { num_workers: 2 } });
    await bench.untilScored(run, hasEnded);
    expect([threadsOf(bench, run), mostAtOnce(bench)]).toEqual([[1, 1, 1, expect.any(Number)], 2]);
  });

  it('goes on where a process died, so often and no more', async () => {
    const bench = core();
    const run = bench.score(['stumble', 'die', 'done'], ['x']);
    expect(await bench.untilScored(run, hasEnded)).toMatchObject({ state: 'failed', error: { code: 'COMPUTE_KILLED' } });
    expect(bench.statesOf(run)).toEqual(['done', 'failed', 'done']);
    expect(bench.lines.filter(({ message }) => message === 'a score is gone on with')).toHaveLength(3);
  });

  it('keeps what was scored where it is stopped', async () => {
    const bench = core();
    const run = bench.score(['done', 'obey', 'done again'], ['x']);
    await bench.untilScored(run, () => bench.store.scores.ofRun(run)[1]?.done === 1);
    bench.benchmarks.change(run, {}, { each: ({ state }) => (state === 'waiting' ? { state: 'stopped' } : null) });
    bench.benchmarkQueue.stop(run, { force: false });
    expect(await bench.untilScored(run, hasEnded)).toMatchObject({ state: 'stopped', error: null });
    expect(bench.statesOf(run)).toEqual(['done', 'stopped', 'stopped']);
  });

  it('leaves a run interrupted where its host ends, and the next makes what is left', async () => {
    const home = join(folder, 'interrupted');
    const first = core({}, home);
    const run = first.score(['done', 'obey'], ['x']);
    await first.untilScored(run, () => first.store.scores.ofRun(run)[1]?.done === 1);
    await first.benchmarkQueue.close();
    expect([first.store.benchmarks.get(run).state, first.statesOf(run)]).toEqual(['interrupted', ['done', 'waiting']]);
  });

  it('takes a result that was written before its host was killed for made', async () => {
    const bench = core();
    const run = bench.score(['done', 'fail'], ['x']);
    await bench.untilScored(run, hasEnded);
    const { store, benchmarks: book, log } = bench;
    for (const [position, state] of [
      [1, 'running'],
      [2, 'running'],
    ] as const)
      store.scores.update(`${run}.${position}`, { state, result: null });
    store.benchmarks.update(run, { state: 'running' });
    recoverBenchmarks({ store, book, log });
    expect([store.benchmarks.get(run).state, bench.statesOf(run)]).toEqual(['interrupted', ['done', 'waiting']]);
  });

  it('tells how far it is at most twice a second', async () => {
    const bench = core();
    const run = bench.score(['done'], ['x']);
    await bench.untilScored(run, hasEnded);
    const told = scoresIn(bench).filter(({ state, total }) => state === 'running' && total === 8);
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThanOrEqual(2);
    expect(told[0]).toMatchObject({ eta_seconds: 3 });
  });
});

it('looks at no queue any more once it is closed', async () => {
  const bench = core();
  bench.benchmarkQueue.wake();
  bench.scheduler.wake();
  await bench.close();
  open.pop();
  await new Promise((resolve) => setImmediate(resolve));
  expect(bench.lines.filter(({ level }) => level === 'error')).toEqual([]);
});

describe('trainings and benchmarks on one machine', { timeout: 30_000 }, () => {
  it('share its cores: a benchmark that names no threads takes what a training leaves', async () => {
    const bench = core({ cores: 2 });
    const training = bench.queue('obey');
    await bench.until(training, ({ step }) => step > 0);
    const run = bench.score(['done'], ['x']);
    await bench.untilScored(run, hasEnded);
    expect([threadsOf(bench, run), bench.states([training])]).toEqual([[1], ['running']]);
    bench.runs.stop({ run: training, force: true }, testCaller);
    await bench.until(training, ({ state }) => isEnded(state));
  });

  it('take turns where there is room for one: who was queued first goes first', async () => {
    const bench = core({ cores: 1 });
    const first = bench.score(['obey'], ['x']);
    await bench.untilScored(first, () => bench.store.scores.ofRun(first)[0]?.done === 1);
    const training = bench.queue('done');
    const last = bench.score(['done'], ['x']);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([bench.states([training]), bench.store.benchmarks.get(last).state]).toEqual([['queued'], 'queued']);
    bench.benchmarkQueue.stop(first, { force: false });
    await bench.untilScored(last, hasEnded);
    const begun = bench.events.flatMap((event) => {
      if (event.event === 'run.changed' && event.data.state === 'running') return [event.data.run];
      return event.event === 'benchmark.changed' && event.data.state === 'running' ? [event.data.run] : [];
    });
    expect([...new Set(begun)]).toEqual([first, training, last]);
  });
});
