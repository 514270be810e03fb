/** Keys of secrets over both ends of the link to the shell. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FromCoreProcess, ToCoreProcess } from '../../shared/contracts/shell-link.ts';
import { keepingLogger } from '../support/keeping-logger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { ShellKeeper } from '../../main/core/shell-keeper.ts';
import { SecretKeys } from '../../main/platform/secret-keys.ts';
import { SafeKeys, type SafeStorage } from '../../main/app/safe-keys.ts';

const folder = temporaryFolder();
let count = 0;
const newPath = (): string => join(folder, `keys-${(count += 1)}.json`);

/** Encrypts by turning bits, which no one takes for the key itself. */
function storage({ backend, isThere = true }: { backend?: string; isThere?: boolean } = {}): SafeStorage {
  return {
    isEncryptionAvailable: () => isThere,
    encryptString: (text) => Buffer.from([...Buffer.from(text)].map((byte) => byte ^ 0xff)),
    decryptString: (encrypted) => Buffer.from([...encrypted].map((byte) => byte ^ 0xff)).toString(),
    ...(backend === undefined ? {} : { getSelectedStorageBackend: () => backend }),
  };
}

/** The core's keeper and the shell's keys at the two ends of a link, where only what is in the contract passes. */
function linked(path: string, over: SafeStorage): ShellKeeper {
  const keys = new SafeKeys(path, over);
  const keeper: ShellKeeper = new ShellKeeper((message) => {
    const asked = FromCoreProcess.parse(structuredClone(message));
    if (asked.kind !== 'key-get' && asked.kind !== 'key-set') throw new Error('not asked of the keys');
    const answer = ToCoreProcess.parse(structuredClone(keys.answer(asked)));
    if (answer.kind === 'key-answer') queueMicrotask(() => keeper.hear(answer));
  });
  return keeper;
}

const keysWith = (keeper: ShellKeeper): SecretKeys =>
  new SecretKeys({ keeper, log: keepingLogger(), passphrase: () => Promise.resolve('typed in their stead') });

describe('the keys that the shell keeps', () => {
  it('open what was sealed with them, also after another start', async () => {
    const path = newPath();
    const key = await keysWith(linked(path, storage({ backend: 'gnome_libsecret' }))).make();
    expect(key.lock.kdf.name).toBe('safe-storage');
    const sealed = key.seal('token', 'value');
    const again = await keysWith(linked(path, storage())).open(key.lock);
    expect(again.unseal('token', sealed)).toBe('value');
    expect(await keysWith(linked(path, storage())).keeping(key.lock)).toEqual({ key: 'safe-storage', problem: null });
    expect(await keysWith(linked(newPath(), storage())).keeping(null)).toEqual({ key: 'safe-storage', problem: null });
  });

  it('lie in the file encrypted, for its user alone, and beside each other', async () => {
    const path = newPath();
    const keeper = linked(path, storage());
    const [one, other] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
    await keeper.set(one, Buffer.alloc(32, 1));
    await keeper.set(other, Buffer.alloc(32, 2));
    const text = readFileSync(path, 'utf8');
    expect(text).not.toContain(Buffer.alloc(32, 1).toString('base64'));
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
    expect([await keeper.get(one), await keeper.get(other), await keeper.get('none')]).toEqual([Buffer.alloc(32, 1), Buffer.alloc(32, 2), null]);
  });

  it.each([
    ['no store', storage({ isThere: false }), 'the system has no store for keys'],
    ['a password that everybody knows', storage({ backend: 'basic_text' }), 'no keyring of the desktop is there'],
  ])('are refused where there is %s, and a passphrase takes their place', async (_, over, problem) => {
    const path = newPath();
    await expect(linked(path, over).get('probe')).rejects.toThrow(problem);
    expect((await keysWith(linked(path, over)).make()).lock.kdf.name).toBe('scrypt');
    expect(await keysWith(linked(path, over)).keeping(null)).toEqual({ key: 'passphrase', problem });
    expect(() => statSync(path)).toThrow('ENOENT');
  });

  it('are not written over where their file is damaged', async () => {
    const path = newPath();
    writeFileSync(path, '{"a":');
    await expect(linked(path, storage()).set('11111111-1111-4111-8111-111111111111', Buffer.alloc(32))).rejects.toThrow('its file is damaged');
    expect(readFileSync(path, 'utf8')).toBe('{"a":');
  });

  it('are not waited for without end', async () => {
    const silent = new ShellKeeper(() => undefined, 10);
    await expect(silent.get('probe')).rejects.toThrow('nobody unlocked it in time');
    silent.hear({ kind: 'key-answer', ask: 1, key: null, problem: null });
  });
});
