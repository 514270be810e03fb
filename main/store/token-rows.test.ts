import { describe, expect, it } from 'vitest';
import { emptyStore, execute, testTime } from '../../test/support/empty-store.ts';

function stored() {
  const made = emptyStore();
  const { tokens } = made.store;
  const row = { role: 'viewer', expires: null } as const;
  tokens.insert({ ...row, id: 'aa', name: 'one', hash: 'h1', created: testTime });
  tokens.insert({ ...row, id: 'bb', name: 'two', hash: 'h2', created: '2026-06-01T00:00:00.000Z' });
  return { ...made, tokens, row };
}

describe('token rows', () => {
  it('are found by id, name and hash, and listed newest first', () => {
    const { tokens } = stored();
    expect([tokens.find('aa')?.name, tokens.find('two')?.id, tokens.findByHash('h2')?.id]).toEqual(['one', 'bb', 'bb']);
    expect([tokens.find('h1'), tokens.findByHash('aa'), tokens.find("' OR 1=1 --")]).toEqual([null, null, null]);
    expect(tokens.list().map(({ id }) => id)).toEqual(['bb', 'aa']);
    expect([tokens.isEmpty, emptyStore().store.tokens.isEmpty]).toEqual([false, true]);
  });

  it('go by their id first, where another has it for its name', () => {
    const { tokens, row } = stored();
    tokens.insert({ ...row, id: 'cc', name: 'aa', hash: 'h3', created: testTime });
    expect(tokens.find('aa')?.name).toBe('one');
  });

  it('never show the hash', () => expect(JSON.stringify(stored().tokens.list())).not.toMatch(/hash|h1/));

  it('keep the time at which they were revoked first', () => {
    const { tokens } = stored();
    tokens.revoke('aa', testTime);
    tokens.revoke('aa', '2027-01-01T00:00:00.000Z');
    tokens.use('bb', testTime);
    expect(tokens.list()).toMatchObject([
      { id: 'bb', revoked: null, last_used: testTime },
      { revoked: testTime, last_used: null },
    ]);
  });

  it.each([{ name: 'one' }, { hash: 'h1' }, { id: 'aa' }])('are each one of a kind: %j', (same) => {
    const { tokens, row } = stored();
    expect(() => tokens.insert({ ...row, id: 'cc', name: 'three', hash: 'h3', created: testTime, ...same })).toThrow(/UNIQUE/);
  });

  it('are refused where the role is none', () => {
    const { tokens, path } = stored();
    execute(path, "UPDATE tokens SET role = 'root' WHERE id = 'aa'");
    expect(() => tokens.find('aa')).toThrow(expect.objectContaining({ code: 'STORE_ROW_INVALID' }));
  });
});
