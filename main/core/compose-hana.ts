/** The ways to HANA, built over what the core gives them. */
import type { Logger } from '../platform/logger.ts';
import type { Paths } from '../platform/paths.ts';
import type { SecretKeys } from '../platform/secret-keys.ts';
import { fileSecrets } from '../platform/secret-store.ts';
import type { ComputeParts } from '../services/compute-jobs.ts';
import { ChosenHana } from '../services/hana/chosen-hana.ts';
import { StoredHanaDoor } from '../services/hana/hana-door.ts';
import type { HanaSession } from '../services/hana/hana-session.ts';
import type { Store } from '../store/store.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { driverFolders, hanaStarter } from './hana-starter.ts';

export interface HanaNeeds {
  readonly paths: Paths;
  readonly store: Store;
  readonly compute: ComputeParts;
  readonly secretKeys: SecretKeys | null;
  readonly logPath: () => string;
  readonly log: Logger;
}

export interface ComposedHana {
  readonly door: StoredHanaDoor;
  readonly chosen: ChosenHana;
}

/** Throws SYNC_NOT_CONNECTED, HANA_*, SECRET_*. */
export function openChosen(door: StoredHanaDoor, chosen: ChosenHana): Promise<HanaSession> {
  const { name } = chosen;
  return name === null ? Promise.reject(new AppError('SYNC_NOT_CONNECTED', {})) : door.open(name);
}

export function composeHana({ paths, store, compute, secretKeys, logPath, log }: HanaNeeds): ComposedHana {
  const secrets =
    secretKeys === null ? { get: (name: string) => Promise.reject(new AppError('SECRET_UNKNOWN', { name })) } : fileSecrets(paths.home, secretKeys);
  const start = hanaStarter({ compute, logPath, log: log.child('hana') });
  return {
    door: new StoredHanaDoor({ rows: store.hana, secrets, start, driverFolders: driverFolders(paths) }),
    chosen: new ChosenHana(store.hana),
  };
}
