import { describe, expect, it } from 'vitest';
import { emptyStore, execute, testTime } from '../../test/support/empty-store.ts';

const at = new Date(testTime);
const later = new Date(at.getTime() + 1_000);
const fact = (id: string, payload: unknown) => ({ entity: 'run', id, schema: 1, payload }) as const;

describe('the outbox', () => {
  it('keeps the last state of an entity, in its first place', () => {
    const { outbox } = emptyStore().store;
    outbox.put(fact('a', { step: 1 }), at);
    outbox.put(fact('b', { step: 1 }), at);
    outbox.put({ ...fact('a', { step: 2 }), schema: 2 }, later);
    outbox.put({ ...fact('a', null), entity: 'version' }, later);
    expect(outbox.pending(9).map(({ entity, id, schema, payload }) => [entity, id, schema, payload])).toEqual([
      ['run', 'a', 2, { step: 2 }],
      ['run', 'b', 1, { step: 1 }],
      ['version', 'a', 1, null],
    ]);
    expect(outbox.pending(1)).toHaveLength(1);
  });

  it('keeps what was refused as it is, and a later state beside it', () => {
    const { outbox } = emptyStore().store;
    outbox.put(fact('a', { step: 1 }), at);
    outbox.park(outbox.pending(1)[0]?.key ?? '', 'no such column');
    outbox.put(fact('a', { step: 2 }), later);
    expect(outbox.parked(9)).toEqual([{ entity: 'run', id: 'a', at: testTime, attempts: 1, problem: 'no such column' }]);
    expect(outbox.pending(9).map(({ payload }) => payload)).toEqual([{ step: 2 }]);
    expect(outbox.size()).toMatchObject({ pending: 1, sending: 0, parked: 1 });
    expect(outbox.oldest()).toBe(testTime);
  });

  it('knows its size in bytes, whatever the letters', () => {
    const { outbox } = emptyStore().store;
    expect([outbox.size().bytes, outbox.oldest(), outbox.sizes()]).toEqual([0, null, []]);
    const payload = { name: 'Übung 漢字' };
    outbox.put(fact('a', payload), at);
    const bytes = Buffer.byteLength(JSON.stringify(payload));
    expect(outbox.size().bytes).toBe(bytes);
    expect(outbox.sizes()).toEqual([{ entity: 'run', rows: 1, bytes }]);
  });

  it('refuses a row that is none', () => {
    const { store, path } = emptyStore();
    store.outbox.put(fact('a', {}), at);
    execute(path, "UPDATE outbox SET entity = 'thing'");
    expect(() => store.outbox.pending(9)).toThrow(expect.objectContaining({ code: 'STORE_ROW_INVALID', facts: expect.objectContaining({ table: 'outbox' }) }));
  });
});
