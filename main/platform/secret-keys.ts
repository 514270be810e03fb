/** Which key secrets are sealed with: one that a keeper keeps, where there is such, else one made of a passphrase. */
import { randomBytes, randomUUID } from 'node:crypto';
import { isKept, type KeeperName, type KeptLock, type SecretLock } from '../../shared/domain/sealed-secret.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { KeyKeeper } from './key-keeper.ts';
import type { Logger } from './logger.ts';
import { keyThatFits, newKey, newKeptKey, openKey, type SecretKey } from './seal.ts';

/** The passphrase for a process that nobody sits at. */
export const keyVariable = 'LATHE_SECRET_KEY';

export interface SecretKeysParts {
  readonly keeper: KeyKeeper;
  /** Asked only when it is needed; `isNew`: for the first secret. Throws SECRET_KEY_MISSING. */
  readonly passphrase: (isNew: boolean) => Promise<string>;
  readonly log: Logger;
}

/** How the secrets of a LATHE_HOME are kept, or would be. */
export interface SecretKeeping {
  readonly key: KeeperName | 'passphrase';
  /** Why its keeper cannot be asked. */
  readonly problem: string | null;
}

export class SecretKeys {
  readonly #parts: SecretKeysParts;
  /** The one that was opened last: making it of a passphrase takes a fifth of a second, and each call to a server needs it. */
  #opened: { readonly lock: string; readonly key: Promise<SecretKey> } | null = null;

  constructor(parts: SecretKeysParts) {
    this.#parts = parts;
  }

  /** For the first secret. Whoever gave a passphrase wants it used. */
  async make(): Promise<SecretKey> {
    const { passphrase } = this.#parts;
    return (hasPassphrase() ? null : await this.#makeKept()) ?? newKey(await passphrase(true));
  }

  /** Once for each lock. Throws SECRET_KEY_WRONG, SECRET_KEY_MISSING, SECRET_KEYRING. */
  open(lock: SecretLock): Promise<SecretKey> {
    const text = JSON.stringify(lock);
    if (this.#opened?.lock === text) return this.#opened.key;
    const key = this.#open(lock);
    const opened = { lock: text, key };
    this.#opened = opened;
    key.catch(() => {
      if (this.#opened === opened) this.#opened = null;
    });
    return key;
  }

  async keeping(lock: SecretLock | null): Promise<SecretKeeping> {
    const { keeper } = this.#parts;
    if (lock !== null && isKept(lock)) return { key: lock.kdf.name, problem: await this.#problem(lock) };
    if (lock !== null || hasPassphrase()) return { key: 'passphrase', problem: null };
    // It has none of this name; that it says so is what counts.
    const problem = await keeper.get('probe').then(() => null, textOf);
    return { key: problem === null ? keeper.name : 'passphrase', problem };
  }

  async #open(lock: SecretLock): Promise<SecretKey> {
    return isKept(lock) ? this.#openKept(lock) : openKey(await this.#parts.passphrase(false), lock);
  }

  /** null where the keeper cannot be asked, which the log tells. */
  async #makeKept(): Promise<SecretKey | null> {
    const { keeper, log } = this.#parts;
    const [id, key] = [randomUUID(), randomBytes(32)];
    try {
      await keeper.set(id, key);
      if ((await keeper.get(id))?.equals(key) !== true) throw new Error('it does not give back what it was given');
      return newKeptKey(key, { name: keeper.name, id });
    } catch (error) {
      log.warn('no keyring; secrets are sealed with a passphrase', { keeper: keeper.name, problem: textOf(error) });
      return null;
    }
  }

  async #openKept(lock: KeptLock): Promise<SecretKey> {
    const { keeper } = this.#parts;
    const refuse = (problem: string): AppError => new AppError('SECRET_KEYRING', { keeper: lock.kdf.name, problem });
    if (keeper.name !== lock.kdf.name) throw refuse('this process cannot ask it');
    const key = await keeper.get(lock.kdf.id).catch((error: unknown) => {
      throw refuse(textOf(error));
    });
    const fitting = key === null ? null : keyThatFits(key, lock);
    if (fitting === null) throw refuse(key === null ? 'it has none for this LATHE_HOME' : 'the one it has is another');
    return fitting;
  }

  async #problem(lock: KeptLock): Promise<string | null> {
    try {
      await this.#openKept(lock);
      return null;
    } catch (error) {
      return textOf(error);
    }
  }
}

const hasPassphrase = (): boolean => (process.env[keyVariable] ?? '') !== '';
const textOf = (error: unknown): string => (error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
