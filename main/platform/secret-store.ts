/** Where secrets are read from: secrets.json of LATHE_HOME, where each is encrypted. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SecretsFile } from '../../shared/domain/sealed-secret.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { writeFileAtomically } from './atomic-files.ts';
import { fileFailure } from './file-failure.ts';
import type { SecretKeys } from './secret-keys.ts';

export interface SecretStore {
  /** Throws SECRET_UNKNOWN, and what opening the store throws. */
  get(name: string): Promise<string>;
}

/** Its key is asked for only when a secret is needed. Throws SECRET_KEY_*, SECRET_DAMAGED on use. */
export const fileSecrets = (home: string, keys: SecretKeys): SecretStore => ({
  get: async (name) => {
    const file = readSecrets(home);
    const sealed = file !== null && Object.hasOwn(file.secrets, name) ? file.secrets[name] : undefined;
    if (file === null || sealed === undefined) throw new AppError('SECRET_UNKNOWN', { name });
    return (await keys.open(file.lock)).unseal(name, sealed);
  },
});

const pathIn = (home: string): string => join(home, 'secrets.json');

/** null where there are none. Throws SECRETS_FILE_INVALID, FILE_FORBIDDEN. */
export function readSecrets(home: string): SecretsFile | null {
  const path = pathIn(home);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw fileFailure(error, { what: 'Secrets', path, action: 'read' });
  }
  const parsed = SecretsFile.safeParse(jsonOf(text));
  if (!parsed.success) throw new AppError('SECRETS_FILE_INVALID', { path, where: parsed.error.issues[0]?.path.join('.') ?? '' });
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Readable by its user alone; null: there are none any more. */
export function writeSecrets(home: string, file: SecretsFile | null): void {
  try {
    if (file === null) rmSync(pathIn(home), { force: true });
    else writeFileAtomically(pathIn(home), `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
  } catch (error) {
    throw fileFailure(error, { what: 'Secrets', path: pathIn(home), action: 'write' });
  }
}
