import { describe, expect, it } from 'vitest';
import type { CoreEvent } from '../../shared/contracts/calls.ts';
import { emptyStore, execute, insertRun, testTime } from '../../test/support/empty-store.ts';
import { keepingLogger } from '../../test/support/keeping-logger.ts';
import { testActor } from '../../test/support/small-home.ts';
import { EventHub } from './event-hub.ts';
import { Ledger, type Fact } from './ledger.ts';

function opened({ isConnected = true } = {}) {
  const made = emptyStore();
  const hub = new EventHub(keepingLogger());
  const told: string[] = [];
  hub.subscribe((event: CoreEvent) => told.push((event.data as { run: string }).run));
  const ledger = new Ledger({ store: made.store, hub, now: () => new Date(testTime), isConnected: () => isConnected, onSealed: () => told.push('sealed') });
  return { ...made, hub, told, ledger };
}

const factOf = (run: string, said: Partial<Fact> = {}): Fact => ({
  audit: { actor: testActor, action: 'runs.start', subject: `run ${run}` },
  outbox: [{ entity: 'run', id: run, schema: 1, payload: null }],
  events: [{ event: 'run.removed', data: { run } }],
  ...said,
});

describe('a change', () => {
  it('comes with its audit row and its outbox row, and is told when it is on disk', () => {
    const { ledger, store, hub, told } = opened();
    const seen: unknown[] = [];
    hub.subscribe(() => seen.push(store.runs.ids(), store.audit.head()?.seq, store.outbox.size().pending));
    expect(ledger.record(() => ({ result: insertRun(store, 'a'), fact: factOf('a') }))).toBe('a');
    expect(seen).toEqual([['a'], 1, 2]);
    const [fact, audit] = store.outbox.pending(9);
    expect([audit?.id, audit?.group, audit?.payload]).toEqual([
      `${store.syncState.get().device}:1`,
      fact?.group,
      expect.objectContaining({ seq: 1, action: 'runs.start' }),
    ]);
    expect(told).toEqual(['sealed', 'a']);
    expect(store.audit.list({ limit: 1, before: null })[0]).toMatchObject({ at: testTime, action: 'runs.start', subject: 'run a' });
  });

  it('that fails leaves nothing behind and is not told; the next one is told alone', () => {
    const { ledger, store, path, told } = opened();
    const add = (run: string) => (): { result: string; fact: Fact } => ({ result: insertRun(store, run), fact: factOf(run) });
    expect(() =>
      ledger.record(() => {
        add('a')();
        throw new Error('no');
      }),
    ).toThrow('no');
    execute(path, "CREATE TRIGGER full BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'full'); END");
    expect(() => ledger.record(add('b'))).toThrow('full');
    expect([store.runs.ids(), store.audit.head(), told]).toEqual([[], null, []]);
    execute(path, 'DROP TRIGGER full');
    ledger.record(add('c'));
    expect([store.runs.ids(), told]).toEqual([['c'], ['sealed', 'c']]);
  });

  it('that nobody decided is not for the audit log, and without a connection none is for the outbox', () => {
    const { ledger, store, told } = opened({ isConnected: false });
    ledger.record(() => ({ result: null, fact: factOf('a', { audit: null }) }));
    expect([store.audit.head(), store.outbox.size().pending, told]).toEqual([null, 0, ['a']]);
  });
});

describe('a change within a change', () => {
  it('is told after the outer one is on disk, in order', () => {
    const { ledger, store, told } = opened();
    ledger.record(() => {
      ledger.record(() => ({ result: insertRun(store, 'inner'), fact: factOf('inner') }));
      expect(told).toEqual([]);
      return { result: insertRun(store, 'outer'), fact: factOf('outer') };
    });
    expect(told).toEqual(['sealed', 'inner', 'outer']);
  });

  it('is undone with the outer one', () => {
    const { ledger, store, told } = opened();
    const outer = (): never =>
      ledger.record(() => {
        ledger.record(() => ({ result: insertRun(store, 'inner'), fact: factOf('inner') }));
        throw new Error('no');
      });
    expect(outer).toThrow('no');
    expect([store.runs.ids(), store.audit.head(), store.outbox.size().pending, told]).toEqual([[], null, 0, []]);
  });

  it('that fails and is put up with leaves nothing of itself in the outer one', () => {
    const { ledger, store, told } = opened();
    ledger.record(() => {
      const inner = (): never =>
        ledger.record(() => {
          insertRun(store, 'inner');
          throw new Error('no');
        });
      expect(inner).toThrow('no');
      return { result: insertRun(store, 'outer'), fact: factOf('outer') };
    });
    expect([store.runs.ids(), told]).toEqual([['outer'], ['sealed', 'outer']]);
  });
});

it('takes what a listener records for a change of its own', () => {
  const { ledger, store, hub, told } = opened();
  const stop = hub.subscribe(() => {
    stop();
    ledger.record(() => ({ result: insertRun(store, 'b'), fact: factOf('b') }));
    throw new Error('the listener itself fails');
  });
  ledger.record(() => ({ result: insertRun(store, 'a'), fact: factOf('a') }));
  expect([store.runs.ids(), told]).toEqual([
    ['a', 'b'],
    ['sealed', 'a', 'sealed', 'b'],
  ]);
});
