import { expect, it } from 'vitest';
import type { Run } from '../../shared/contracts/run-calls.ts';
import type { RunState } from '../../shared/domain/run-state.ts';
import { RunWatch } from './run-watch.ts';

const runThat = (run: string, state: RunState): Run => ({ run, state }) as Run;

function watching(...runs: readonly Run[]) {
  const told: string[] = [];
  const watch = new RunWatch({ onChange: () => told.push('change'), onEnded: ({ run, state }) => told.push(`${run} ${state}`) });
  watch.reset(runs);
  told.length = 0;
  const hear = (run: string, state: RunState): void => watch.hear({ event: 'run.changed', data: runThat(run, state) });
  return { watch, told, hear };
}

it('counts what is in a process and what waits, from the list and from events', () => {
  const { watch, hear } = watching(runThat('a', 'running'), runThat('b', 'queued'), runThat('c', 'done'));
  expect([watch.active.map(({ run }) => run), watch.queuedCount, watch.isBusy]).toEqual([['a'], 1, true]);
  hear('b', 'paused');
  hear('d', 'queued');
  expect([watch.active.map(({ run }) => run), watch.queuedCount]).toEqual([['a', 'b'], 1]);
});

it('tells an end once, of a run that was seen at work', () => {
  const { watch, told, hear } = watching(runThat('a', 'stopping'), runThat('b', 'queued'));
  hear('a', 'done');
  hear('a', 'done');
  expect(told).toEqual(['a done', 'change']);
  hear('b', 'cancelled');
  hear('never seen', 'failed');
  expect(told).toEqual(['a done', 'change', 'change']);
  expect(watch.isBusy).toBe(false);
});

it('forgets a run that was removed, and tells no end of it', () => {
  const { watch, told } = watching(runThat('a', 'running'));
  watch.hear({ event: 'run.removed', data: { run: 'other' } });
  watch.hear({ event: 'run.removed', data: { run: 'a' } });
  expect([told, watch.isBusy]).toEqual([['change'], false]);
});

it('begins anew after a gap: what ended unheard is told of nobody', () => {
  const { watch, told } = watching(runThat('a', 'running'));
  watch.reset([runThat('b', 'running'), runThat('a', 'done')]);
  expect([watch.active.map(({ run }) => run), told]).toEqual([['b'], ['change']]);
});
