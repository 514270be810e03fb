import { describe, expect, it } from 'vitest';
import type { RunLogEntry, RunLogLine } from '../../shared/contracts/run-events.ts';
import { emptyStore, execute, insertRun, testTime } from '../../test/support/empty-store.ts';
import { planOf, stepEntry, testRequest } from '../../test/support/run-folder.ts';
import type { RunFilter } from './run-views.ts';

const line = (entry: RunLogEntry): RunLogLine => ({ at: testTime, ...entry });
const evaluation = (step: number): RunLogLine => line({ event: 'eval', step, eval_loss: 0.5, best: true });
const note = (message: string): RunLogLine => line({ event: 'note', message });
const all: RunFilter = { state: null, text: null, limit: 100, after: null };

describe('a run', () => {
  it('comes back as it went in', () => {
    const { store } = emptyStore();
    insertRun(store, 'a', { name: 'first', priority: 3, request: testRequest('/x.gguf') });
    expect(store.runs.get('a')).toMatchObject({ run: 'a', name: 'first', state: 'queued', priority: 3, model: '/x.gguf', revision: 1, step: 0, plan: null });
    expect(store.runs.get('a').request).toEqual(testRequest('/x.gguf'));
    expect(() => store.runs.get('b')).toThrow(expect.objectContaining({ code: 'RUN_UNKNOWN' }));
    expect(() => insertRun(store, 'a')).toThrow(/UNIQUE/);
  });

  it('counts its changes, and keeps what was not changed', () => {
    const { store } = emptyStore();
    insertRun(store, 'a', { priority: 3 });
    store.runs.update('a', { plan: planOf(7), resume: true, dir: '/elsewhere' });
    expect(store.runs.update('a', { plan: null, state: 'running' })).toMatchObject({
      ...{ revision: 3, plan: null, resume: true, allow_drift: false, priority: 3, dir: '/elsewhere', state: 'running' },
    });
  });

  it('of which the row is no run is refused and left alone; the others are not harmed', () => {
    const { store, path } = emptyStore();
    ['a', 'b'].forEach((run) => insertRun(store, run));
    execute(path, "UPDATE runs SET request = '{' WHERE run = 'a'");
    expect(() => store.runs.get('a')).toThrow(
      expect.objectContaining({ code: 'STORE_ROW_INVALID', facts: expect.objectContaining({ table: 'runs', id: 'a' }) }),
    );
    expect(store.runs.raw('a')).toMatchObject({ request: '{' });
    expect(store.runs.get('b').run).toBe('b');
    expect(store.runs.ids()).toEqual(['a', 'b']);
  });

  it('gives its folder up to a later one', () => {
    const { store } = emptyStore();
    for (const run of ['b', 'a']) insertRun(store, run, { dir: '/same' });
    expect([store.runs.findByFolder('/same')?.run, store.runs.findByFolder('/other')]).toEqual(['a', null]);
  });

  it('takes its figures and lines with it', () => {
    const { store } = emptyStore();
    for (const run of ['a', 'b']) store.runs.append(insertRun(store, run), [line(stepEntry(1)), evaluation(1), note('n')]);
    store.runs.remove('a');
    expect([store.runs.metrics('a', 0, 9).steps.step, store.runs.allLines('a'), store.runs.ids()]).toEqual([[], [], ['b']]);
    expect(store.runs.allLines('b')).toHaveLength(1);
  });
});

describe('the list of runs', () => {
  it('turns pages without a gap, newest first', () => {
    const { store } = emptyStore();
    for (const run of ['c', 'a', 'e', 'b', 'd']) insertRun(store, run);
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: ReturnType<typeof store.runViews.list> = store.runViews.list({ ...all, limit: 2, after });
      seen.push(...page.runs.map(({ run }) => run));
      after = page.next;
    } while (after !== null);
    expect(seen).toEqual(['d', 'b', 'e', 'a', 'c']);
  });

  it('is narrowed by states and by words, which are no patterns', () => {
    const { store } = emptyStore();
    insertRun(store, 'a', { name: 'Support 100%' });
    insertRun(store, 'b', { request: testRequest('/models/Llama.gguf') });
    store.runs.update('b', { state: 'failed' });
    const found = (filter: Partial<RunFilter>): string[] => store.runViews.list({ ...all, ...filter }).runs.map(({ run }) => run);
    expect([found({ state: ['failed', 'done'] }), found({ state: [] }), found({ text: 'sUPPORT' }), found({ text: 'llama' })]).toEqual([
      ['b'],
      [],
      ['a'],
      ['b'],
    ]);
    expect([found({ text: '%' }), found({ text: '_' }), found({ text: "' OR 1=1 --" })]).toEqual([['a'], [], []]);
  });

  it('counts every state, those of none too', () => {
    const { store } = emptyStore();
    expect(store.runs.isEmpty()).toBe(true);
    for (const run of ['a', 'b']) insertRun(store, run);
    store.runs.update('b', { state: 'paused' });
    expect(store.runs.countByState()).toMatchObject({ queued: 1, paused: 1, done: 0 });
    expect([store.runs.queuedCount(), store.runs.active().map(({ run }) => run), store.runs.isEmpty()]).toEqual([1, ['b'], false]);
  });
});

describe('the queue', () => {
  it('goes by priority, then by age, then by id', () => {
    const { store } = emptyStore();
    const at = (second: number): string => `2026-05-01T00:00:0${second}.000Z`;
    expect(store.runs.lastQueued()).toBeNull();
    insertRun(store, 'd', { queued: at(2) });
    insertRun(store, 'c', { queued: at(2) });
    insertRun(store, 'b', { queued: at(3), priority: 1 });
    insertRun(store, 'a', { queued: at(1) });
    expect(store.runs.queue().map(({ run }) => run)).toEqual(['b', 'a', 'c', 'd']);
    expect(store.runs.lastQueued()).toBe(at(3));
  });

  it('is not what was cut short, which only goes on where it is wanted', () => {
    const { store } = emptyStore();
    for (const run of ['a', 'b', 'c']) store.runs.update(insertRun(store, run), { state: 'interrupted', resume: run !== 'b' });
    expect([store.runs.queue(), store.runs.cutShort().map(({ run }) => run)]).toEqual([[], ['a', 'c']]);
  });
});

describe('what a run reports', () => {
  it('is kept by kind, and says how far it is', () => {
    const { store } = emptyStore();
    store.runs.append(insertRun(store, 'a'), [
      note('one'),
      line(stepEntry(1)),
      evaluation(1),
      line({ event: 'progress', what: 'rows', done: 1, total: 2 }),
      line({ event: 'text', text: 't' }),
      line(stepEntry(2)),
      note('two'),
    ]);
    expect(store.runs.get('a')).toMatchObject({ step: 2, steps: 9, loss: 0.5, eval_loss: 0.5, revision: 2 });
    expect(store.runs.allLines('a').map((each) => each.event === 'note' && each.message)).toEqual(['one', 'two']);
    store.runs.append('a', [note('three')]);
    expect(store.runs.get('a')).toMatchObject({ step: 2, loss: 0.5, eval_loss: 0.5 });
  });

  it('is read from where a caller left off', () => {
    const { store } = emptyStore();
    store.runs.append(
      insertRun(store, 'a'),
      [1, 2, 3, 4].flatMap((step) => [line(stepEntry(step)), evaluation(step), note(String(step))]),
    );
    const first = store.runs.metrics('a', 1, 2);
    expect([first.steps.step, first.steps.loss, first.more]).toEqual([[2, 3], [1 / 2, 1 / 3], true]);
    expect(store.runs.metrics('a', 3, 2)).toMatchObject({ steps: { step: [4] }, evaluations: [{ step: 4, eval_loss: 0.5, best: true }], more: false });
    const lines = store.runs.lines('a', 0, 3);
    expect([lines.lines.length, lines.more]).toEqual([3, true]);
    expect(store.runs.lines('a', lines.lines.at(-1)?.line ?? 0, 3)).toMatchObject({ lines: [{ body: { message: '4' } }], more: false });
  });

  it('is forgotten from a step on that is done again', () => {
    const { store } = emptyStore();
    store.runs.append(
      insertRun(store, 'a'),
      [1, 2, 3].flatMap((step) => [line(stepEntry(step)), evaluation(step)]),
    );
    store.runs.forgetFrom('a', 2);
    const { steps, evaluations } = store.runs.metrics('a', 0, 9);
    expect([steps.step, evaluations.map(({ step }) => step)]).toEqual([[1], [1]]);
    store.runs.append('a', [line({ ...stepEntry(1), loss: 7 })]);
    expect(store.runs.metrics('a', 0, 9).steps).toMatchObject({ step: [1], loss: [7] });
  });
});
