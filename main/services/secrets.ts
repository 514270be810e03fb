/** Keeps sealed secrets. What is in them this service never learns. */
import type { OutputOf, ParsedInputOf } from '../../shared/contracts/calls.ts';
import type { Actor } from '../../shared/domain/actor.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { readSecrets, writeSecrets } from '../platform/secret-store.ts';
import type { Ledger } from './ledger.ts';

export interface SecretsParts {
  readonly home: string;
  readonly ledger: Ledger;
  readonly now: () => Date;
  /** Called when one was set: what could not go on without it may. */
  readonly onPut: () => void;
}

export class Secrets {
  readonly #parts: SecretsParts;

  constructor(parts: SecretsParts) {
    this.#parts = parts;
  }

  list(): OutputOf<'secrets.list'> {
    const file = readSecrets(this.#parts.home);
    const secrets = Object.entries(file?.secrets ?? {}).map(([name, { set_at }]) => ({ name, set_at }));
    return { secrets, lock: file?.lock ?? null };
  }

  /** Throws SECRET_KEY_WRONG where it is sealed for another lock than that of the others. */
  put({ name, sealed, lock }: ParsedInputOf<'secrets.put'>, actor: Actor): null {
    const { home, now, onPut } = this.#parts;
    const file = readSecrets(home);
    if ((file === null) !== (lock !== null)) throw new AppError('SECRET_KEY_WRONG', {});
    const all = { ...file?.secrets, [name]: { ...sealed, set_at: now().toISOString() } };
    this.#write('secrets.put', name, actor, () => writeSecrets(home, { format: 1, lock: file?.lock ?? lockOf(lock), secrets: all }));
    onPut();
    return null;
  }

  /** Throws SECRET_UNKNOWN. */
  remove({ name }: ParsedInputOf<'secrets.remove'>, actor: Actor): null {
    const { home } = this.#parts;
    const file = readSecrets(home);
    if (file === null || !Object.hasOwn(file.secrets, name)) throw new AppError('SECRET_UNKNOWN', { name });
    const { [name]: _, ...secrets } = file.secrets;
    // With the last one goes the lock: the next may have another.
    const next = Object.keys(secrets).length === 0 ? null : { ...file, secrets };
    return this.#write('secrets.remove', name, actor, () => writeSecrets(home, next));
  }

  #write(action: string, name: string, actor: Actor, write: () => void): null {
    return this.#parts.ledger.record(() => {
      write();
      return { result: null, fact: { audit: { actor, action, subject: `secret ${name}` }, outbox: [], events: [] } };
    });
  }
}

function lockOf(lock: ParsedInputOf<'secrets.put'>['lock']): NonNullable<typeof lock> {
  if (lock === null) throw new AppError('SECRET_KEY_WRONG', {});
  return lock;
}
