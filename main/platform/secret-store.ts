/** Where secrets are read from. The window's shell has the system's keychain; without it they are in secrets.json of LATHE_HOME, encrypted. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SecretsFile } from '../../shared/domain/sealed-secret.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { writeFileAtomically } from './atomic-files.ts';
import { fileFailure } from './file-failure.ts';
import { openKey } from './seal.ts';

export interface SecretStore {
  /** Throws SECRET_UNKNOWN, and what opening the store throws. */
  get(name: string): Promise<string>;
}

/** The passphrase for a process that nobody sits at. */
export const keyVariable = 'LATHE_SECRET_KEY';

/** `passphrase` is asked only when a secret is needed. Throws SECRET_KEY_WRONG, SECRET_DAMAGED on use. */
export const fileSecrets = (home: string, passphrase: () => Promise<string>): SecretStore => ({
  get: async (name) => {
    const file = readSecrets(home);
    const sealed = file?.secrets[name];
    if (file === null || sealed === undefined) throw new AppError('SECRET_UNKNOWN', { name });
    return (await openKey(await passphrase(), file.lock)).unseal(name, sealed);
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

/** Readable by its user alone. */
export function writeSecrets(home: string, file: SecretsFile): void {
  try {
    writeFileAtomically(pathIn(home), `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
  } catch (error) {
    throw fileFailure(error, { what: 'Secrets', path: pathIn(home), action: 'write' });
  }
}
