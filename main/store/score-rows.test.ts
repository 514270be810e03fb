import { describe, expect, it } from 'vitest';
import { BenchmarkRequest } from '../../shared/domain/benchmark-run.ts';
import type { BenchmarkResult } from '../../shared/domain/benchmark-record.ts';
import { emptyStore } from '../../test/support/empty-store.ts';
import { testSubject, testTask } from '../../test/support/test-benchmarks.ts';
import { ScoreFilter } from '../../shared/contracts/benchmark-calls.ts';
import type { Store } from './store.ts';

const at = (minute: number): string => new Date(Date.UTC(2026, 4, 1, 0, minute)).toISOString();

const result = (model: string, { shots = 0, value = 0.5 } = {}): BenchmarkResult => ({
  ...{ task: 'x', task_version: 1, task_sha256: 't', data_sha256: 'd', model_sha256: model, adapter_sha256: null, num_fewshot: shots },
  ...{ chat_template: false, limit: null, precision: 'fp32', metrics: [{ name: 'acc', value, stderr: null }], items: 8, cut_items: 0, resumed_items: 0 },
  ...{ seconds: 1, items_per_second: 8, records: '/r.jsonl' },
});

/** A run of one model on some tasks, made at this minute. */
function made(store: Store, [run, minute, model]: readonly [string, number, string], { tasks = ['x'], shots = 0, version = null as string | null } = {}): void {
  const request = BenchmarkRequest.parse({ models: [model], benchmarks: tasks });
  store.benchmarks.insert({ run, dir: `/b/${run}`, created: at(minute), queued: at(minute), request, schedule: null });
  tasks.forEach((task, i) => {
    const subject = { ...testSubject(model), version: version === null ? null : { name: 'support', version } };
    store.scores.insert({ run, position: i + 1, subject, declared: testTask(task), data: '/d.jsonl' });
    store.scores.update(`${run}.${i + 1}`, { state: 'done', ended: at(minute), done: 8, total: 8, result: { ...result(model, { shots }), task } });
  });
}
const names = (store: Store, filter: Parameters<typeof ScoreFilter.parse>[0]): string[] =>
  store.scores.list(ScoreFilter.parse(filter)).scores.map(({ score }) => score);

describe('scores', () => {
  it('are listed newest first, once they are made, page by page', () => {
    const { store } = emptyStore();
    made(store, ['a', 1, 'm'], { tasks: ['x', 'y'] });
    made(store, ['b', 2, 'n']);
    store.scores.update('b.1', { state: 'failed' });
    made(store, ['c', 3, 'n']);
    expect(names(store, {})).toEqual(['c.1', 'a.2', 'a.1']);
    const { scores, next } = store.scores.list(ScoreFilter.parse({ limit: 2 }));
    expect(scores).toHaveLength(2);
    expect([names(store, { limit: 2, after: next }), names(store, { task: 'y' }), names(store, { subject: 'n' })]).toEqual([['a.1'], ['a.2'], ['c.1']]);
  });

  it('have one newest for each of the same files, task and way, whatever they are called', () => {
    const { store } = emptyStore();
    made(store, ['a', 1, 'm']);
    made(store, ['b', 2, 'm'], { version: '1.0.0' });
    made(store, ['c', 3, 'm'], { shots: 5 });
    made(store, ['d', 4, 'other']);
    expect(names(store, { latest: true })).toEqual(['d.1', 'c.1', 'b.1']);
    expect([names(store, { version: { name: 'support' } }), names(store, { version: { name: 'support', version: '2.0.0' } })]).toEqual([['b.1'], []]);
  });

  it('lie where the home of their run lies now, whatever is outside it stays', () => {
    const { store } = emptyStore();
    made(store, ['a', 1, 'm'], { tasks: ['x', 'y'] });
    store.scores.update('a.1', { result: { ...result('m'), records: '/b/a/1-x.jsonl' } });
    for (let i = 0; i < 2; i += 1) {
      store.benchmarks.placeIn('/elsewhere/runs/');
      expect(store.benchmarks.get('a').dir).toBe('/elsewhere/runs/a');
      expect(['a.1', 'a.2'].map((score) => store.scores.get(score).result?.records)).toEqual(['/elsewhere/runs/a/1-x.jsonl', '/r.jsonl']);
    }
  });

  it('are counted in what a list shows of their run, and go with it', () => {
    const { store } = emptyStore();
    made(store, ['a', 1, 'm'], { tasks: ['z', 'x'] });
    store.scores.update('a.2', { state: 'waiting', result: null });
    expect(store.benchmarks.view('a')).toMatchObject({ state: 'queued', subjects: ['m'], tasks: ['z', 'x'], done: 1, total: 2, schedule: null, drops: [] });
    store.benchmarks.remove('a');
    expect([store.scores.find('a.1'), store.benchmarks.has('a')]).toEqual([null, false]);
  });

  it('of runs are found by state and schedule, the newest run first', () => {
    const { store } = emptyStore();
    for (const [i, run] of ['a', 'b', 'c'].entries()) made(store, [run, i, 'm']);
    store.benchmarks.update('b', { state: 'done' });
    const list = (filter: object) => store.benchmarks.list({ state: null, schedule: null, limit: 2, after: null, ...filter });
    expect(list({ state: ['done'] }).runs.map(({ run }) => run)).toEqual(['b']);
    expect(list({ schedule: 'nightly' }).runs).toEqual([]);
    const page = list({});
    expect([page.runs.map(({ run }) => run), list({ after: page.next }).runs.map(({ run }) => run)]).toEqual([['c', 'b'], ['a']]);
  });
});
