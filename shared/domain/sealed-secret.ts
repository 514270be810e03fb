/** A secret as it is kept: encrypted with a key that is nowhere in LATHE_HOME. */
import { z } from 'zod';

export const SecretName = z.string().regex(/^[A-Za-z][\w.-]{0,63}$/, { error: 'must be up to 64 letters, digits and any of . _ -, and begin with a letter' });

const Base64 = z.base64().max(100_000);

/** AES-256-GCM; the name is bound to it, so that no entry can stand in for another. */
export const Sealed = z.strictObject({ iv: Base64, tag: Base64, data: Base64 });
export type Sealed = z.infer<typeof Sealed>;

const Scrypt = z.strictObject({
  name: z.literal('scrypt'),
  salt: Base64,
  cost: z
    .int()
    .min(1 << 14)
    .max(1 << 20),
  block: z.literal(8),
  lanes: z.literal(1),
});

/** Who may keep a key: Electron's safeStorage in the window's shell, or the keyring of the system. */
const KeeperName = z.enum(['safe-storage', 'keyring']);
export type KeeperName = z.infer<typeof KeeperName>;

const ScryptLock = z.strictObject({ kdf: Scrypt, check: Sealed });
export type ScryptLock = z.infer<typeof ScryptLock>;
const KeptLock = z.strictObject({ kdf: z.strictObject({ name: KeeperName, id: z.uuid() }), check: Sealed });
export type KeptLock = z.infer<typeof KeptLock>;

/** Where the key comes from (made of a passphrase, or kept under an id), and something sealed with it that tells a wrong one. */
export const SecretLock = z.union([ScryptLock, KeptLock]);
export type SecretLock = z.infer<typeof SecretLock>;

export const isKept = (lock: SecretLock): lock is KeptLock => lock.kdf.name !== 'scrypt';

export const SecretsFile = z.strictObject({
  format: z.literal(1),
  lock: SecretLock,
  secrets: z.record(SecretName, Sealed.extend({ set_at: z.iso.datetime() })),
});
export type SecretsFile = z.infer<typeof SecretsFile>;
