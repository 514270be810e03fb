import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { keepingLogger, type KeptLine } from '../../test/support/keeping-logger.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import type { KeyKeeper } from './key-keeper.ts';
import { SecretKeys } from './secret-keys.ts';
import { fileSecrets, writeSecrets } from './secret-store.ts';
import { systemKeyring } from './system-keyring.ts';

const folder = temporaryFolder();

/** As the package has it, over a map. */
function keyringOver(kept: Map<string, Uint8Array>, { locked = false } = {}): KeyKeeper {
  class AsyncEntry {
    readonly #name: string;
    constructor(service: string, id: string) {
      this.#name = `${service} ${id}`;
    }
    getSecret(): Promise<number[] | null> {
      if (locked) return Promise.reject(new Error('it is locked\nby somebody'));
      const secret = kept.get(this.#name);
      return Promise.resolve(secret === undefined ? null : [...secret]);
    }
    setSecret(secret: Uint8Array): Promise<void> {
      if (locked) return Promise.reject(new Error('it is locked\nby somebody'));
      kept.set(this.#name, Uint8Array.from(secret));
      return Promise.resolve();
    }
  }
  return systemKeyring(() => Promise.resolve({ AsyncEntry }));
}

const lines: KeptLine[] = [];
const asked: boolean[] = [];
const keysWith = (keeper: KeyKeeper): SecretKeys =>
  new SecretKeys({ keeper, log: keepingLogger(lines), passphrase: (isNew) => (asked.push(isNew), Promise.resolve('typed')) });

afterEach(() => {
  vi.unstubAllEnvs();
  lines.length = 0;
  asked.length = 0;
});

describe('the key of the secrets', () => {
  it('is kept in the keyring, and nobody is asked', async () => {
    const kept = new Map<string, Uint8Array>();
    const key = await keysWith(keyringOver(kept)).make();
    expect(key.lock.kdf).toMatchObject({ name: 'keyring' });
    expect([...kept.values()].map(({ length }) => length)).toEqual([32]);
    writeSecrets(folder, { format: 1, lock: key.lock, secrets: { a: { ...key.seal('a', 'value'), set_at: '2026-05-02T00:00:00.000Z' } } });
    // Another process later.
    expect(await fileSecrets(folder, keysWith(keyringOver(kept))).get('a')).toBe('value');
    expect(await keysWith(keyringOver(kept)).keeping(key.lock)).toEqual({ key: 'keyring', problem: null });
    expect([asked, lines]).toEqual([[], []]);
  });

  it('is made of a passphrase where there is no keyring, and the log says so once', async () => {
    const none = systemKeyring(() => Promise.reject(new Error('Cannot find native binding.\nnpm has a bug')));
    const keys = keysWith(none);
    const key = await keys.make();
    expect(key.lock.kdf.name).toBe('scrypt');
    expect(lines).toEqual([
      {
        level: 'warn',
        name: '',
        message: 'no keyring; secrets are sealed with a passphrase',
        fields: { keeper: 'keyring', problem: 'Cannot find native binding.' },
      },
    ]);
    expect((await keys.open(key.lock)).unseal('a', key.seal('a', 'value'))).toBe('value');
    expect(asked).toEqual([true, false]);
    expect(await keys.keeping(null)).toEqual({ key: 'passphrase', problem: 'Cannot find native binding.' });
    expect(await keys.keeping(key.lock)).toEqual({ key: 'passphrase', problem: null });
  });

  it('is made of a passphrase that was given, keyring or not', async () => {
    vi.stubEnv('LATHE_SECRET_KEY', 'given');
    const kept = new Map<string, Uint8Array>();
    const keys = keysWith(keyringOver(kept));
    expect((await keys.make()).lock.kdf.name).toBe('scrypt');
    expect([kept.size, lines.length]).toEqual([0, 0]);
    expect(await keys.keeping(null)).toEqual({ key: 'passphrase', problem: null });
  });

  it('that the keyring does not give is asked of nobody else', async () => {
    const kept = new Map<string, Uint8Array>();
    const { lock } = await keysWith(keyringOver(kept)).make();
    const refused = (problem: string): unknown => expect.objectContaining({ code: 'SECRET_KEYRING', message: expect.stringContaining(problem) });
    await expect(keysWith(keyringOver(kept, { locked: true })).open(lock)).rejects.toEqual(refused('it is locked'));
    await expect(keysWith(keyringOver(new Map())).open(lock)).rejects.toEqual(refused('it has none'));
    for (const id of kept.keys()) kept.set(id, new Uint8Array(32));
    await expect(keysWith(keyringOver(kept)).open(lock)).rejects.toEqual(refused('another'));
    await expect(keysWith({ ...keyringOver(kept), name: 'safe-storage' }).open(lock)).rejects.toEqual(refused('this process'));
    expect(await keysWith(keyringOver(kept, { locked: true })).keeping(lock)).toMatchObject({ key: 'keyring', problem: expect.stringContaining('locked') });
    expect(asked).toEqual([]);
  });

  it('is opened once for its lock, and again where that failed', async () => {
    const kept = new Map<string, Uint8Array>();
    const { lock } = await keysWith(keyringOver(kept)).make();
    let gets = 0;
    const keeper = keyringOver(kept);
    const keys = keysWith({ ...keeper, get: (id) => ((gets += 1) === 1 ? Promise.reject(new Error('not now')) : keeper.get(id)) });
    await expect(keys.open(lock)).rejects.toMatchObject({ code: 'SECRET_KEYRING' });
    expect(await keys.open(lock)).toBe(await keys.open(lock));
    expect(gets).toBe(2);
    const other = await keysWith(keyringOver(kept)).make();
    expect((await keys.open(other.lock)).lock).toEqual(other.lock);
    expect(gets).toBe(3);
  });

  it('is not waited for without end', async () => {
    const never = new Promise<never>(() => undefined);
    const silent = systemKeyring(
      () =>
        Promise.resolve({
          AsyncEntry: class {
            getSecret = () => never;
            setSecret = () => never;
          },
        }),
      20,
    );
    expect((await keysWith(silent).make()).lock.kdf.name).toBe('scrypt');
    expect(lines[0]?.fields).toMatchObject({ problem: 'nobody unlocked it in time' });
  });

  it('is asked for by name, and only where there is such a secret', async () => {
    const keys = keysWith(keyringOver(new Map()));
    await expect(fileSecrets(join(folder, 'none'), keys).get('a')).rejects.toMatchObject({ code: 'SECRET_UNKNOWN' });
  });
});
