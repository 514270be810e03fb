import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyStore, testTime } from '../../test/support/empty-store.ts';
import { testActor } from '../../test/support/small-home.ts';
import { smallLedger } from '../../test/support/small-ledger.ts';
import { Tokens } from './tokens.ts';

const hour = 3_600_000;
const later = new Date(Date.parse(testTime) + hour).toISOString();

function opened() {
  const { store, home } = emptyStore();
  const clock = { now: Date.parse(testTime) };
  const now = (): Date => new Date(clock.now);
  const { ledger } = smallLedger(store, home, { now });
  const tokens = new Tokens({ store, ledger, now, home, self: testActor });
  const create = (name: string, expires: string | null = null) => tokens.create({ name, role: 'trainer', expires }, testActor);
  return {
    store,
    home,
    clock,
    tokens,
    create,
    actions: () => store.audit.list({ limit: 99, before: null }).map(({ action, subject }) => `${action} ${subject}`),
  };
}

describe('a token', () => {
  it('lets in who has it, as what it was made for', () => {
    const { tokens, create, actions } = opened();
    const { token, id } = create('phone');
    expect(token).toMatch(/^lathe_[\w-]{43}$/);
    expect(tokens.authenticate(token)).toEqual({ id, role: 'trainer', actor: { ...testActor, token: 'phone' } });
    expect(actions()).toEqual(['tokens.create token phone']);
  });

  it.each(['', 'lathe_', `lathe_${'a'.repeat(43)}`, 'a'.repeat(49), "lathe_' OR 1=1 --"])('is not %j', (text) => {
    const { tokens, create } = opened();
    create('phone');
    expect(tokens.authenticate(text)).toBeNull();
  });

  it('is kept nowhere itself: neither in the store nor in the audit log', () => {
    const { store, home, create } = opened();
    const { token } = create('phone');
    store.close();
    for (const name of readdirSync(home)) expect(readFileSync(join(home, name)).includes(token.slice(6)), name).toBe(false);
    expect(readdirSync(home)).toEqual(expect.arrayContaining(['lathe.db', 'audit.head']));
  });

  it('ends when its time has come', () => {
    const { tokens, create, clock } = opened();
    const { token, id } = create('phone', later);
    clock.now += hour - 1;
    expect([tokens.authenticate(token)?.id, tokens.isLive(id)]).toEqual([id, true]);
    clock.now += 1;
    expect([tokens.authenticate(token), tokens.isLive(id)]).toEqual([null, false]);
    expect(() => create('late', testTime)).toThrow(/that time has passed/);
  });

  it('ends when it is revoked, by name or id, once', () => {
    const { tokens, create, actions, clock } = opened();
    const { token, id } = create('phone');
    const { revoked } = tokens.revoke('phone', testActor);
    clock.now += hour;
    expect(tokens.revoke(id, testActor).revoked).toBe(revoked);
    expect([tokens.authenticate(token), tokens.isLive(id), tokens.isLive('none')]).toEqual([null, false, false]);
    expect(actions()).toEqual(['tokens.revoke token phone', 'tokens.create token phone']);
    expect(() => tokens.revoke('none', testActor)).toThrow(expect.objectContaining({ code: 'TOKEN_UNKNOWN' }));
  });

  it('has a name or id that no other bears', () => {
    const { tokens, create } = opened();
    const { id } = create('phone');
    for (const name of ['phone', id]) expect(() => create(name)).toThrow(expect.objectContaining({ code: 'TOKEN_NAME_TAKEN' }));
    expect(tokens.list().tokens).toHaveLength(1);
  });

  it('says when it was used last, to the minute, also after the clock was set back', () => {
    const { tokens, create, clock } = opened();
    const { token } = create('phone');
    const used = (): string | null | undefined => tokens.list().tokens[0]?.last_used;
    tokens.authenticate(token);
    clock.now += 60_000;
    tokens.authenticate(token);
    expect(used()).toBe(testTime);
    clock.now += 1;
    tokens.authenticate(token);
    expect(used()).toBe(new Date(clock.now).toISOString());
    clock.now -= 24 * hour;
    tokens.authenticate(token);
    expect(used()).toBe(new Date(clock.now).toISOString());
  });
});

describe('the first token', () => {
  it('is made once, for the user alone, and is an admin’s', () => {
    const { tokens } = opened();
    const path = tokens.ensureFirst();
    const text = readFileSync(path, 'utf8').trim();
    expect(tokens.authenticate(text)).toMatchObject({ role: 'admin', actor: { token: 'first' } });
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(tokens.ensureFirst()).toBe(path);
    expect([readFileSync(path, 'utf8').trim(), tokens.list().tokens.length]).toEqual([text, 1]);
  });

  it('is not made again where it was revoked or another is there', () => {
    const { tokens, create } = opened();
    create('phone');
    tokens.ensureFirst();
    expect(tokens.list().tokens.map(({ name }) => name)).toEqual(['phone']);
  });

  it('stays what the file holds where the database was lost, and is made anew where that is none', () => {
    const kept = `lathe_${'k'.repeat(43)}`;
    const { tokens, home } = opened();
    writeFileSync(join(home, 'token'), `${kept}\n`);
    tokens.ensureFirst();
    expect(tokens.authenticate(kept)).not.toBeNull();
    const other = opened();
    writeFileSync(join(other.home, 'token'), 'nonsense\n');
    expect(other.tokens.authenticate(readFileSync(other.tokens.ensureFirst(), 'utf8').trim())).not.toBeNull();
  });
});
