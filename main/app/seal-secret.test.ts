import { describe, expect, it } from 'vitest';
import type { Answer } from '../../shared/contracts/answer.ts';
import { Sealed, SecretLock } from '../../shared/domain/sealed-secret.ts';
import { keepingLogger, type KeptLine } from '../../test/support/keeping-logger.ts';
import { openKey } from '../platform/seal.ts';
import type { SafeKeys } from './safe-keys.ts';
import { sealSecret } from './seal-secret.ts';

type Keys = Pick<SafeKeys, 'answer'>;

const noKeys: Keys = { answer: ({ ask }) => ({ kind: 'key-answer', ask, key: null, problem: 'no keyring of the desktop is there' }) };
function someKeys(): Keys {
  const kept = new Map<string, string>();
  return {
    answer: (asked) => {
      if (asked.kind === 'key-set') kept.set(asked.id, asked.key);
      return { kind: 'key-answer', ask: asked.ask, key: kept.get(asked.id) ?? null, problem: null };
    },
  };
}
const lines: KeptLine[] = [];
const parts = (keys: Keys) => ({ keys, log: keepingLogger(lines), logPath: () => 'the log' });
const sealedIn = (answer: Answer) => {
  if (!answer.ok) throw new Error(answer.error.code);
  const { sealed, lock } = answer.value as { sealed: unknown; lock: unknown };
  return { sealed: Sealed.parse(sealed), lock: lock === null ? null : SecretLock.parse(lock) };
};
const secret = { name: 'hana', value: 'correct horse', lock: null, passphrase: null };

describe('a secret typed into a page', () => {
  it('is sealed with a key that the system keeps, and the next one with the same', async () => {
    const own = parts(someKeys());
    const first = sealedIn(await sealSecret(secret, own));
    expect(first.lock).toMatchObject({ kdf: { name: 'safe-storage' } });
    const second = sealedIn(await sealSecret({ ...secret, name: 'hub', lock: first.lock }, own));
    expect(second.lock).toBeNull();
    expect(JSON.stringify([first, second, lines])).not.toContain('correct horse');
    expect(await sealSecret({ ...secret, lock: first.lock }, parts(someKeys()))).toMatchObject({ ok: false, error: { code: 'SECRET_KEYRING' } });
  });

  it('takes a passphrase where the system keeps none, and opens with it alone', async () => {
    expect(await sealSecret(secret, parts(noKeys))).toMatchObject({ ok: false, error: { code: 'SECRET_KEY_MISSING' } });
    const { sealed, lock } = sealedIn(await sealSecret({ ...secret, passphrase: 'long enough' }, parts(noKeys)));
    if (lock?.kdf.name !== 'scrypt') throw new Error('no passphrase was used');
    expect((await openKey('long enough', { kdf: lock.kdf, check: lock.check })).unseal('hana', sealed)).toBe('correct horse');
    expect(await sealSecret({ ...secret, lock, passphrase: 'another' }, parts(noKeys))).toMatchObject({ ok: false, error: { code: 'SECRET_KEY_WRONG' } });
    expect(sealedIn(await sealSecret({ ...secret, lock, passphrase: 'long enough' }, parts(noKeys))).lock).toBeNull();
  });
});
