/** Reads a secret as a host would, inside a session with a keyring: prints the hash of its value, and its key, for a test to search for. */
import { createHash } from 'node:crypto';
import { SecretKeys } from '../../main/platform/secret-keys.ts';
import { fileSecrets, readSecrets } from '../../main/platform/secret-store.ts';
import { systemKeyring } from '../../main/platform/system-keyring.ts';
import { isKept } from '../../shared/domain/sealed-secret.ts';
import { keepingLogger } from './keeping-logger.ts';

const [home = '', name = ''] = process.argv.slice(2);
const keeper = systemKeyring();
const keys = new SecretKeys({ keeper, log: keepingLogger(), passphrase: () => Promise.reject(new Error('asked for')) });
const value = await fileSecrets(home, keys).get(name);
const lock = readSecrets(home)?.lock;
const key = lock !== undefined && isKept(lock) ? await keeper.get(lock.kdf.id) : null;
process.stdout.write(`${JSON.stringify({ event: 'read', value: createHash('sha256').update(value).digest('hex'), key: key?.toString('hex') ?? null })}\n`);
