/** The keyring of the desktop as a keeper of keys: Keychain, Credential Manager, Secret Service. */
import type { AsyncEntry } from '@napi-rs/keyring';
import type { KeyKeeper } from './key-keeper.ts';

type Keyring = { readonly AsyncEntry: new (...of: ConstructorParameters<typeof AsyncEntry>) => Pick<AsyncEntry, 'getSecret' | 'setSecret'> };

/** Somebody may have to type a password into a prompt of the desktop. */
const promptMs = 60_000;

/** Read when it is first asked: it has a binary a platform, and none for some. */
const fromNpm = (): Promise<Keyring> => import('@napi-rs/keyring');

export function systemKeyring(load: () => Promise<Keyring> = fromNpm, waitMs = promptMs): KeyKeeper {
  // On Linux never the kernel's: its keys end with the session.
  const entry = async (id: string) => new (await load()).AsyncEntry('lathe', id, { linux: { store: 'secret-service' } });
  return {
    name: 'keyring',
    get: async (id) => {
      const secret = await inTime((await entry(id)).getSecret(), waitMs);
      return secret === null ? null : Buffer.from(secret);
    },
    set: async (id, key) => inTime((await entry(id)).setSecret(key), waitMs),
  };
}

function inTime<Value>(value: Promise<Value>, ms: number): Promise<Value> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(new Error('nobody unlocked it in time')), ms)));
  return Promise.race([value, late]).finally(() => clearTimeout(timer));
}
