import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SecretLock } from '../../shared/domain/sealed-secret.ts';
import { emptyStore, testTime } from '../../test/support/empty-store.ts';
import { testActor } from '../../test/support/small-home.ts';
import { smallLedger } from '../../test/support/small-ledger.ts';
import { keepingLogger } from '../../test/support/keeping-logger.ts';
import { SecretKeys } from '../platform/secret-keys.ts';
import { fileSecrets } from '../platform/secret-store.ts';
import { Secrets } from './secrets.ts';

const sealed = (data: string) => ({ iv: 'aXY=', tag: 'dGFn', data: Buffer.from(data).toString('base64') });
const lock: SecretLock = { kdf: { name: 'scrypt', salt: 'c2FsdA==', cost: 1 << 14, block: 8, lanes: 1 }, check: sealed('check') };

const askingNobody = new SecretKeys({
  keeper: { name: 'none', get: () => null, set: () => undefined } as never,
  passphrase: () => Promise.reject(new Error('the passphrase was asked for')),
  log: keepingLogger(),
});

function opened() {
  const { store, home } = emptyStore();
  const secrets = new Secrets({ home, ledger: smallLedger(store, home).ledger, now: () => new Date(testTime), onPut: () => undefined });
  return { store, home, path: join(home, 'secrets.json'), secrets };
}

describe('secrets', () => {
  it('are kept sealed, under one lock, for the user alone', () => {
    const { secrets, path } = opened();
    expect(secrets.list()).toEqual({ secrets: [], lock: null });
    secrets.put({ name: 'hana', sealed: sealed('one'), lock }, testActor);
    secrets.put({ name: 'hub', sealed: sealed('two'), lock: null }, testActor);
    secrets.put({ name: 'hana', sealed: sealed('three'), lock: null }, testActor);
    expect(secrets.list()).toEqual({ secrets: ['hana', 'hub'].map((name) => ({ name, set_at: testTime })), lock });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ secrets: { hana: sealed('three'), hub: sealed('two') } });
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('refuse the first without a lock, and a second lock', () => {
    const { secrets, path } = opened();
    expect(() => secrets.put({ name: 'hana', sealed: sealed('one'), lock: null }, testActor)).toThrow(expect.objectContaining({ code: 'SECRET_KEY_WRONG' }));
    expect(existsSync(path)).toBe(false);
    secrets.put({ name: 'hana', sealed: sealed('one'), lock }, testActor);
    expect(() => secrets.put({ name: 'hub', sealed: sealed('two'), lock }, testActor)).toThrow(expect.objectContaining({ code: 'SECRET_KEY_WRONG' }));
    expect(secrets.list().secrets).toHaveLength(1);
  });

  it('tell the audit log of their names and of nothing else', () => {
    const { secrets, store } = opened();
    secrets.put({ name: 'hana', sealed: sealed('one'), lock }, testActor);
    secrets.remove({ name: 'hana' }, testActor);
    const rows = store.audit.list({ limit: 9, before: null });
    expect(rows.map(({ action, subject }) => `${action} ${subject}`)).toEqual(['secrets.remove secret hana', 'secrets.put secret hana']);
    expect(JSON.stringify(rows)).not.toContain(sealed('one').data);
  });

  it('are forgotten one by one, the lock with the last', () => {
    const { secrets } = opened();
    for (const name of ['hana', 'toString'])
      expect(() => secrets.remove({ name }, testActor)).toThrow(expect.objectContaining({ code: 'SECRET_UNKNOWN', facts: { name } }));
    secrets.put({ name: 'hana', sealed: sealed('one'), lock }, testActor);
    for (const name of ['other', 'toString', 'constructor'])
      expect(() => secrets.remove({ name }, testActor)).toThrow(expect.objectContaining({ code: 'SECRET_UNKNOWN', facts: { name } }));
    secrets.put({ name: 'hub', sealed: sealed('two'), lock: null }, testActor);
    secrets.remove({ name: 'hana' }, testActor);
    expect(secrets.list().lock).toEqual(lock);
    secrets.remove({ name: 'hub' }, testActor);
    expect(secrets.list()).toEqual({ secrets: [], lock: null });
  });

  it('are found by no name that is not theirs', async () => {
    const { secrets, home } = opened();
    secrets.put({ name: 'hana', sealed: sealed('one'), lock }, testActor);
    const found = fileSecrets(home, askingNobody).get('toString');
    await expect(found).rejects.toMatchObject({ code: 'SECRET_UNKNOWN', facts: { name: 'toString' } });
  });

  it('leave a file alone that they cannot read', () => {
    const { secrets, path, store } = opened();
    writeFileSync(path, '{"format":2}');
    expect(() => secrets.put({ name: 'hana', sealed: sealed('one'), lock }, testActor)).toThrow(expect.objectContaining({ code: 'SECRETS_FILE_INVALID' }));
    expect([readFileSync(path, 'utf8'), store.audit.head()]).toEqual(['{"format":2}', null]);
  });
});
