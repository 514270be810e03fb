/** Encrypts secrets: AES-256-GCM, with a key that scrypt makes of a passphrase or that somebody keeps. */
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import type { KeptLock, ScryptLock, Sealed, SecretLock } from '../../shared/domain/sealed-secret.ts';
import { AppError } from '../../shared/errors/app-error.ts';

/** Some 64 MB and a fifth of a second a try. */
const cost = 1 << 16;
const checkName = 'lathe: the key is right';

export interface SecretKey {
  readonly lock: SecretLock;
  seal(name: string, value: string): Sealed;
  /** Throws SECRET_DAMAGED. */
  unseal(name: string, sealed: Sealed): string;
}

export async function newKey(passphrase: string): Promise<SecretKey> {
  const kdf = { name: 'scrypt', salt: randomBytes(16).toString('base64'), cost, block: 8, lanes: 1 } as const;
  const key = await derive(passphrase, kdf);
  return keyWith(key, { kdf, check: seal(key, checkName, checkName) });
}

/** Throws SECRET_KEY_WRONG. */
export async function openKey(passphrase: string, lock: ScryptLock): Promise<SecretKey> {
  const key = keyThatFits(await derive(passphrase, lock.kdf), lock);
  if (key === null) throw new AppError('SECRET_KEY_WRONG', {});
  return key;
}

/** Of 32 bytes of chance that are kept elsewhere. */
export const newKeptKey = (key: Buffer, kdf: KeptLock['kdf']): SecretKey => keyWith(key, { kdf, check: seal(key, checkName, checkName) });

/** null: it belongs to another lock. */
export const keyThatFits = (key: Buffer, lock: SecretLock): SecretKey | null =>
  key.length === 32 && unseal(key, checkName, lock.check) === checkName ? keyWith(key, lock) : null;

const keyWith = (key: Buffer, lock: SecretLock): SecretKey => ({
  lock,
  seal: (name, value) => seal(key, name, value),
  unseal: (name, sealed) => {
    const value = unseal(key, name, sealed);
    if (value === null) throw new AppError('SECRET_DAMAGED', { name });
    return value;
  },
});

const derive = (passphrase: string, { salt, cost: N, block: r, lanes: p }: ScryptLock['kdf']): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const options = { N, r, p, maxmem: 2 * 128 * N * r };
    scrypt(passphrase.normalize('NFC'), Buffer.from(salt, 'base64'), 32, options, (error, key) => (error === null ? resolve(key) : reject(error)));
  });

function seal(key: Buffer, name: string, value: string): Sealed {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(name));
  const data = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
  return { iv: iv.toString('base64'), tag: cipher.getAuthTag().toString('base64'), data: data.toString('base64') };
}

/** null where the key, the name or a bit is another. */
function unseal(key: Buffer, name: string, { iv, tag, data }: Sealed): string | null {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64'), { authTagLength: 16 });
    decipher.setAAD(Buffer.from(name));
    decipher.setAuthTag(Buffer.from(tag, 'base64'));
    return Buffer.concat([decipher.update(Buffer.from(data, 'base64')), decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}
