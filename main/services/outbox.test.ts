import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { smallHome, testActor } from '../../test/support/small-home.ts';
import { smallLedger } from '../../test/support/small-ledger.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { keepingLogger } from '../../test/support/keeping-logger.ts';
import type { Store } from '../store/store.ts';
import type { Connection } from './connection.ts';
import { Outbox } from './outbox.ts';

const folder = temporaryFolder();
let number = 0;
let store: Store;
let home: string;
let outbox: Outbox;
let isConnected = false;
const connection: Connection = {
  get id() {
    return isConnected ? 'hana' : null;
  },
  onChange: () => undefined,
};
beforeEach(() => {
  isConnected = false;
  home = join(folder, String((number += 1)));
  store = smallHome(home, { runs: 3, auditRows: 0 }).open();
  outbox = new Outbox({ store, now: () => new Date('2026-05-02T00:00:00Z'), connection, log: keepingLogger() });
});
afterEach(() => store.close());

const asked = { actor: testActor, action: 'runs.setPriority' };
const book = () => smallLedger(store, home, { isConnected: () => isConnected }).book;
const idsOf = (): unknown =>
  store.outbox
    .pending(100)
    .filter(({ entity }) => entity !== 'audit')
    .map(({ entity, id }) => `${entity} ${id}`);

describe('the outbox', () => {
  it('queues nothing without a connection', () => {
    book().update('r0', { priority: 5 }, asked);
    expect([store.outbox.size(), store.outbox.oldest()]).toEqual([{ pending: 0, sending: 0, parked: 0, bytes: 0 }, null]);
  });

  it('gets everything there is at the first connection, and the newest state of it', () => {
    expect(outbox.enqueueSnapshot()).toBe(3);
    expect(idsOf()).toEqual(['run r0', 'run r1', 'run r2']);
    const [first] = store.outbox.pending(1);
    expect(first?.payload).toMatchObject({ run: 'r0', state: 'done' });
    expect(JSON.stringify(first?.payload)).not.toContain('/');
    expect(outbox.enqueueSnapshot()).toBe(3);
    expect(store.outbox.sizes()).toEqual([{ entity: 'run', rows: 3, bytes: expect.any(Number) }]);
  });

  it('keeps one row an entity, with its last state, in its old place', () => {
    isConnected = true;
    for (const priority of [1, 2, 3]) book().update('r1', { priority }, asked);
    book().update('r0', { priority: 1 }, asked);
    book().update('r1', { name: null, loss: 0.25 } as never, asked);
    expect(idsOf()).toEqual(['run r1', 'run r0']);
    expect(store.outbox.pending(1)[0]?.payload).toMatchObject({ loss: 0.25 });
  });

  it('keeps what was refused, with the reason, and queues a later state beside it', () => {
    isConnected = true;
    book().update('r1', { priority: 1 }, asked);
    store.outbox.park(store.outbox.pending(1)[0]?.key ?? '', 'no such column');
    book().update('r1', { priority: 2 }, asked);
    outbox.enqueueSnapshot();
    expect(store.outbox.sizes()).toMatchObject([
      { entity: 'audit', rows: 2 },
      { entity: 'run', rows: 4 },
    ]);
    expect(store.outbox.parked(9)).toMatchObject([{ entity: 'run', id: 'r1', attempts: 1, problem: 'no such column' }]);
  });

  it('loses its row where the change itself fails', () => {
    isConnected = true;
    expect(() => book().change('r1', 'pause', {}, asked)).toThrow(expect.objectContaining({ code: 'RUN_STATE' }));
    expect(store.outbox.size().pending).toBe(0);
  });
});
