/** Keeps the keys of secrets where other users and programs cannot read them, outside LATHE_HOME. A window's shell brings one over Electron's safeStorage. */
import type { KeeperName } from '../../shared/domain/sealed-secret.ts';

export interface KeyKeeper {
  readonly name: KeeperName;
  /** null where it has none of this id. Rejects where it is locked or not there. */
  get(id: string): Promise<Buffer | null>;
  set(id: string, key: Buffer): Promise<void>;
}
