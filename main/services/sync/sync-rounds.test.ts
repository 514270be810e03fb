/** Single questions to the rounds of the sync, over a HANA in memory. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { ownFolder } from '../../../test/support/empty-store.ts';
import { MemoryHana } from '../../../test/support/memory-hana.ts';
import { SyncDevice } from '../../../test/support/sync-devices.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { pageSize } from './changes.ts';
import { contentOf } from './fact-content.ts';
import { purge } from './devices.ts';

function device(name: string): SyncDevice {
  const made = new SyncDevice(ownFolder(), name);
  onTestFinished(() => made.close());
  return made;
}
const refused = (code: 'HANA_VALUE_REFUSED'): AppError => new AppError(code, { server: 's', problem: 'too long' });

describe('a page', () => {
  it('never ends inside a change number, however many rows that has', async () => {
    const hana = new MemoryHana();
    const { hash, text } = contentOf({ a: 1 }, 1);
    // Another Lathe may write more at once than this one does.
    const insert = hana.database.prepare(
      `INSERT INTO LATHE_RUNS (ID, REV, HASH, DEVICE, UPDATED_AT, DELETED, SEQ, SCHEMA_VERSION, PAYLOAD) VALUES ($id, 1, '${hash}', 'd', '', 0, $seq, 1, '${text}')`,
    );
    hana.database.transaction(() => {
      for (let i = 0; i < pageSize - 10; i += 1) insert.run({ id: `a${i}`, seq: 1 });
      for (let i = 0; i < pageSize + 30; i += 1) insert.run({ id: `b${i}`, seq: 2 });
      for (let i = 0; i < 5; i += 1) insert.run({ id: `c${i}`, seq: 3 });
    });
    hana.database.execute('UPDATE LATHE_SYNC_CLOCK SET SEQ = 3');
    const ann = device('ann');
    // Cut after the first page: it goes on at a whole change number.
    let pages = 0;
    hana.fault = (sql) => (sql.includes('UNION ALL') && (pages += 1) === 2 ? 'before' : undefined);
    await expect(ann.sync(hana.open())).rejects.toMatchObject({ code: 'HANA_LOST' });
    expect(ann.store.syncState.get().cursor).toBe(1);
    await ann.sync(hana.open());
    expect([ann.things.size, ann.store.syncState.get().cursor]).toEqual([2 * pageSize + 25, 3]);
  });

  it('is not read again for what was told from here', async () => {
    const hana = new MemoryHana();
    const ann = device('ann');
    ann.change('run', 'a', { x: 1 });
    const asked: string[] = [];
    hana.fault = (sql) => void asked.push(sql);
    await ann.sync(hana.open());
    expect(asked.filter((sql) => sql.includes('PAYLOAD') && sql.startsWith('SELECT'))).toEqual([]);
  });
});

describe('an operation', () => {
  it('that is refused is parked with its reason, and holds up nobody', async () => {
    const hana = new MemoryHana();
    const ann = device('ann');
    for (let i = 0; i < 9; i += 1) ann.change('run', `r${i}`, { i, bad: i === 5 });
    hana.fault = (sql, _, values) =>
      sql.startsWith('INSERT INTO LATHE_RUNS') && values.some((value) => String(value).includes('"bad":true')) ? refused('HANA_VALUE_REFUSED') : undefined;
    expect(await ann.sync(hana.open())).toMatchObject({ parked: 1 });
    expect(hana.all('SELECT ID FROM LATHE_RUNS')).toHaveLength(8);
    expect(ann.store.outbox.parked(9)).toMatchObject([{ id: 'r5', problem: expect.stringContaining('too long') as string }]);
    expect(JSON.stringify(ann.lines)).not.toContain('"bad');
    hana.fault = () => undefined;
    ann.store.outbox.retry();
    await ann.sync(hana.open());
    expect([hana.all('SELECT ID FROM LATHE_RUNS').length, ann.store.outbox.size()]).toMatchObject([9, { pending: 0, parked: 0 }]);
  });

  it('of one change goes up with the others of it', async () => {
    const hana = new MemoryHana();
    const ann = device('ann');
    ann.store.transaction(() => {
      for (let i = 0; i < 195; i += 1) ann.store.outbox.put({ entity: 'run', id: `r${i}`, schema: 1, payload: { i } }, new Date(), null);
      for (let i = 0; i < 10; i += 1) ann.store.outbox.put({ entity: 'tag', id: `n:t${i}`, schema: 1, payload: { i } }, new Date(), 'together');
    });
    await ann.sync(hana.open());
    expect(hana.all("SELECT DISTINCT SEQ FROM LATHE_SYNC_OPS WHERE ENTITY = 'tag'")).toHaveLength(1);
  });

  it('that changes nothing is not told', async () => {
    const hana = new MemoryHana();
    const ann = device('ann');
    ann.change('run', 'a', { x: 1 });
    await ann.sync(hana.open());
    ann.change('run', 'a', { x: 2 });
    ann.change('run', 'a', { x: 1 });
    await ann.sync(hana.open());
    expect([hana.all('SELECT OP_ID FROM LATHE_SYNC_OPS').length, ann.store.outbox.size().pending]).toEqual([1, 0]);
  });
});

describe('an older Lathe', () => {
  it('keeps what it does not know, also where it changes the row', async () => {
    const hana = new MemoryHana();
    const [ann, old] = [device('ann'), device('old')];
    ann.change('run', 'a', { x: 1, colour: 'red' }, 2);
    await ann.sync(hana.open());
    await old.sync(hana.open());
    old.change('run', 'a', { x: 2 }, 1);
    await old.sync(hana.open());
    await ann.sync(hana.open());
    expect(ann.thing('run', 'a')).toEqual({ x: 2, colour: 'red' });
    expect(hana.all('SELECT SCHEMA_VERSION AS v FROM LATHE_RUNS')).toEqual([{ v: 2 }]);
  });

  it('sends nothing where HANA takes only newer ones', async () => {
    const hana = new MemoryHana();
    hana.database.execute('UPDATE LATHE_SYNC_CLOCK SET MIN_CLIENT = 99');
    const ann = device('ann');
    ann.change('run', 'a', { x: 1 });
    await expect(ann.sync(hana.open())).rejects.toMatchObject({ code: 'SYNC_CLIENT_OLD' });
    expect([hana.all('SELECT ID FROM LATHE_RUNS'), ann.store.outbox.size().pending]).toEqual([[], 1]);
  });
});

describe('a HANA that was put back', () => {
  it('is told again what it has lost, and what went on another way since is not passed over', async () => {
    const hana = new MemoryHana();
    const [ann, bob] = [device('ann'), device('bob')];
    ann.change('run', 'kept', { x: 1 });
    ann.change('run', 'both', { x: 1 });
    await ann.sync(hana.open());
    await bob.sync(hana.open());
    const backup = hana.backup();
    ann.change('run', 'kept', { x: 2 });
    ann.change('run', 'both', { x: 'ann' });
    ann.change('run', 'new', { x: 3 });
    await ann.sync(hana.open());
    hana.restore(backup);
    bob.change('run', 'both', { x: 'bob' });
    bob.change('run', 'more', { x: 4 });
    // Bob has seen no more than the backup: to him it is the same, and its numbers pass those that Ann knows.
    for (let i = 0; i < 3; i += 1) {
      bob.change('run', 'more', { x: i });
      await bob.sync(hana.open());
    }
    for (const each of [ann, bob, ann, bob]) await each.sync(hana.open());
    for (const each of [ann, bob]) {
      expect([each.thing('run', 'kept'), each.thing('run', 'new'), each.thing('run', 'more')]).toEqual([{ x: 2 }, { x: 3 }, { x: 2 }]);
      expect(each.thing('run', 'both')).toEqual({ x: 'bob' });
    }
    expect(hana.all('SELECT PAYLOAD FROM LATHE_CONFLICTS').map((row) => String(row['PAYLOAD']))).toEqual([expect.stringContaining('"x":"ann"')]);
  });
});

describe('what was taken away', () => {
  it('is cleared away when everybody has seen it, and gone too for whoever was away longer than that', async () => {
    const hana = new MemoryHana();
    const [ann, bob] = [device('ann'), device('bob')];
    ann.change('run', 'a', { x: 1 });
    ann.change('run', 'b', { x: 1 });
    await ann.sync(hana.open());
    await bob.sync(hana.open());
    ann.change('run', 'a', null);
    await ann.sync(hana.open());
    expect(hana.all('SELECT ID, PAYLOAD FROM LATHE_RUNS WHERE DELETED = 1')).toEqual([{ ID: 'a', PAYLOAD: null }]);
    // Bob has not seen it, and is waited for …
    await purge(hana.open(), new Date());
    expect(hana.all('SELECT ID FROM LATHE_RUNS WHERE DELETED = 1')).toHaveLength(1);
    // … for ninety days.
    const later = new Date(Date.now() + 91 * 86_400_000);
    hana.database.execute(`UPDATE LATHE_DEVICES SET SEEN_AT = '${later.toISOString()}' WHERE DEVICE = '${ann.store.syncState.get().device}'`);
    await purge(hana.open(), later);
    expect(hana.all('SELECT ID FROM LATHE_RUNS')).toEqual([{ ID: 'b' }]);
    await bob.sync(hana.open());
    expect([...bob.things.keys()]).toEqual(['run b']);
  });
});
