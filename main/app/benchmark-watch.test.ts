import { expect, it } from 'vitest';
import type { BenchmarkRun } from '../../shared/contracts/benchmark-calls.ts';
import type { BenchmarkState } from '../../shared/domain/benchmark-run.ts';
import { BenchmarkWatch } from './benchmark-watch.ts';
import { benchmarkEndOf } from './texts.ts';

const runThat = (run: string, state: BenchmarkState, more: Partial<BenchmarkRun> = {}): BenchmarkRun =>
  ({ run, state, schedule: null, ...more }) as BenchmarkRun;

function watching(...runs: readonly BenchmarkRun[]) {
  const told: string[] = [];
  const watch = new BenchmarkWatch(({ run, state }) => told.push(`${run} ${state}`));
  watch.reset(runs);
  return { told, watch, hear: (run: BenchmarkRun): void => watch.hear({ event: 'benchmark.changed', data: run }) };
}

it('tells an end once, of what was seen at work', () => {
  const { told, hear, watch } = watching(runThat('a', 'running'), runThat('gone', 'queued'));
  hear(runThat('b', 'queued'));
  hear(runThat('a', 'done'));
  hear(runThat('a', 'done'));
  hear(runThat('b', 'failed'));
  hear(runThat('never seen', 'done'));
  watch.hear({ event: 'benchmark.removed', data: { run: 'gone' } });
  hear(runThat('gone', 'stopped'));
  expect(told).toEqual(['a done', 'b failed']);
});

it('says nothing of what a schedule started', () => {
  const { told, hear } = watching();
  const schedule = { name: 'nightly', slot: '2026-05-01T00:00:00.000Z' };
  hear(runThat('a', 'running', { schedule }));
  hear(runThat('a', 'done', { schedule }));
  expect(told).toEqual([]);
});

it('says what was scored, and nothing to whoever stopped it', () => {
  const facts = { subjects: ['base', 'support@1.0.0'], tasks: ['arc_easy'], done: 2, total: 2 };
  expect(benchmarkEndOf(runThat('a', 'done', facts))).toEqual({ title: 'Benchmark finished', body: 'base, support@1.0.0 on arc_easy: 2 of 2 scores.' });
  expect(benchmarkEndOf(runThat('a', 'failed', { ...facts, done: 0, total: 1 }))).toMatchObject({
    title: 'Benchmark failed',
    body: 'base, support@1.0.0 on arc_easy: 0 of 1 score.',
  });
  expect(benchmarkEndOf(runThat('a', 'stopped', facts))).toBeNull();
});
