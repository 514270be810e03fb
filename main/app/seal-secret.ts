/** Seals a secret that was typed into a page of the window: it goes from the page to the shell and no further, the core is given it sealed. */
import type { Answer } from '../../shared/contracts/answer.ts';
import type { SealSecret } from '../../shared/contracts/shell-requests.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { toAppError, toWireError } from '../../shared/errors/wire-error.ts';
import type { KeyKeeper } from '../platform/key-keeper.ts';
import type { Logger } from '../platform/logger.ts';
import { keyVariable, SecretKeys } from '../platform/secret-keys.ts';
import type { SafeKeys } from './safe-keys.ts';

export interface SealingParts {
  readonly keys: Pick<SafeKeys, 'answer'>;
  readonly log: Logger;
  readonly logPath: () => string;
}

/** Never rejects: what went wrong is in the answer, and the secret is not. */
export async function sealSecret({ name, value, lock, passphrase }: SealSecret, { keys, log, logPath }: SealingParts): Promise<Answer> {
  const secretKeys = new SecretKeys({ keeper: keeperOver(keys), log, passphrase: () => givenPassphrase(passphrase) });
  try {
    const key = lock === null ? await secretKeys.make() : await secretKeys.open(lock);
    return { ok: true, value: { sealed: key.seal(name, value), lock: lock === null ? key.lock : null } };
  } catch (error) {
    return { ok: false, error: toWireError(toAppError(error, logPath())) };
  }
}

function givenPassphrase(typed: string | null): Promise<string> {
  const given = typed ?? process.env[keyVariable] ?? '';
  return given === '' ? Promise.reject(new AppError('SECRET_KEY_MISSING', {})) : Promise.resolve(given);
}

type Asked = Parameters<SafeKeys['answer']>[0];

/** The shell's own keys, without the way over the core. */
function keeperOver(keys: Pick<SafeKeys, 'answer'>): KeyKeeper {
  const ask = (asked: Asked): Promise<string | null> => {
    const { key, problem } = keys.answer(asked);
    return problem === null ? Promise.resolve(key) : Promise.reject(new Error(problem));
  };
  return {
    name: 'safe-storage',
    get: async (id) => {
      const key = await ask({ kind: 'key-get', ask: 0, id });
      return key === null ? null : Buffer.from(key, 'base64');
    },
    set: async (id, key) => {
      await ask({ kind: 'key-set', ask: 0, id, key: key.toString('base64') });
    },
  };
}
