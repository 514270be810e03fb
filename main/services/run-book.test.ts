import { describe, expect, it } from 'vitest';
import type { CoreEvent } from '../../shared/contracts/calls.ts';
import { emptyStore, insertRun, testTime } from '../../test/support/empty-store.ts';
import { keepingLogger } from '../../test/support/keeping-logger.ts';
import { testRequest } from '../../test/support/run-folder.ts';
import { testActor } from '../../test/support/small-home.ts';
import { EventHub } from './event-hub.ts';
import { Ledger } from './ledger.ts';
import { RunBook, runFact } from './run-book.ts';

const asked = { actor: testActor, action: 'runs.start' };

function opened() {
  const { store } = emptyStore();
  const hub = new EventHub(keepingLogger());
  const events: CoreEvent[] = [];
  hub.subscribe((event) => events.push(event));
  const clock = { now: new Date(testTime) };
  const now = (): Date => clock.now;
  const ledger = new Ledger({ store, hub, now, isConnected: () => true, onSealed: () => undefined });
  const book = new RunBook({ store, ledger, hub, now, log: keepingLogger(), pidOf: (run) => (run === 'a' ? 7 : null) });
  return { store, book, events, clock };
}
const newRun = (run: string) => ({ run, name: null, dir: `/runs/${run}`, priority: 0, created: testTime, queued: testTime, request: testRequest('/m.gguf') });

describe('the run book', () => {
  it('tells everybody of a new run: audit log, outbox and listeners', () => {
    const { store, book, events } = opened();
    expect(book.add(newRun('a'), asked)).toMatchObject({ run: 'a', state: 'queued' });
    expect(store.audit.list({ limit: 9, before: null })).toMatchObject([
      { action: 'runs.start', subject: 'run a', before: null, after: { state: 'queued', model: '/m.gguf', dir: '/runs/a' } },
    ]);
    expect(store.outbox.pending(9)).toMatchObject([{ entity: 'run', id: 'a', payload: { state: 'queued' } }, { entity: 'audit' }]);
    expect(events).toMatchObject([{ event: 'run.changed', data: { run: 'a', state: 'queued', pid: 7 } }]);
  });

  it('changes a run only as its states allow, and says what cannot be done in words', () => {
    const { store, book, events } = opened();
    insertRun(store, 'a');
    expect(() => book.change('a', 'pause', { priority: 9 }, asked)).toThrow(/queued.*be paused/);
    expect([store.runs.get('a').priority, store.audit.head(), events]).toEqual([0, null, []]);
    expect(book.change('a', 'start', { attempt: 1 })).toMatchObject({ state: 'running', attempt: 1 });
    expect(store.audit.head()).toBeNull();
    book.change('a', 'stop', {}, asked);
    expect(store.audit.list({ limit: 1, before: null })).toMatchObject([{ before: { state: 'running' }, after: { state: 'stopping' } }]);
    expect(() => book.change('none', 'start')).toThrow(expect.objectContaining({ code: 'RUN_UNKNOWN' }));
  });

  it('queues a run behind all that wait, also where the clock was set back', () => {
    const { store, book, clock } = opened();
    expect(book.queueTime()).toBe(testTime);
    insertRun(store, 'a', { queued: '2030-01-01T00:00:00.000Z' });
    expect(book.queueTime()).toBe('2030-01-01T00:00:00.001Z');
    insertRun(store, 'b', { queued: book.queueTime() });
    clock.now = new Date('2020-01-01T00:00:00.000Z');
    insertRun(store, 'c', { queued: book.queueTime() });
    expect(book.queue().map(({ run }) => run)).toEqual(['a', 'b', 'c']);
  });

  it('shows a run without what is only for the scheduler', () => {
    const { store, book } = opened();
    const shown = book.shown(store.runs.get(insertRun(store, 'b')));
    expect(shown.pid).toBeNull();
    expect(Object.keys(shown)).not.toEqual(expect.arrayContaining(['request', 'plan', 'result', 'resume', 'allow_drift', 'queued']));
  });

  it('tells HANA of a run without its paths', () => {
    const { store } = opened();
    const request = testRequest('/of/ann/secret.gguf', { data: '/of/ann/rows.jsonl' });
    const { payload } = runFact(store.runs.get(insertRun(store, 'a', { request })));
    expect(JSON.stringify(payload)).not.toMatch(/ann|secret|rows/);
    expect(payload).toMatchObject({ run: 'a', config: { lora: { rank: 16 }, training: { batch_size: expect.any(Number) } } });
  });
});
