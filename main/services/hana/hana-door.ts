/** Opens sessions with the HANAs that are stored by name. Their process is started for the first and ended when none has been open for a while. */
import { AppError } from '../../../shared/errors/app-error.ts';
import type { HanaConnection } from '../../../shared/domain/hana-connection.ts';
import type { SecretStore } from '../../platform/secret-store.ts';
import type { HanaRows } from '../../store/hana-rows.ts';
import type { HanaProcess, ProcessSession } from '../../workers/hana-process.ts';
import type { HanaDoor } from './hana-session.ts';

export interface StoredHanaDoorParts {
  readonly rows: HanaRows;
  readonly secrets: SecretStore;
  readonly start: () => HanaProcess;
  /** Where SAP's own driver may be installed, first come first. */
  readonly driverFolders: readonly string[];
  /** How long the process stays without a session. */
  readonly idleMs?: number;
}

const usualIdleMs = 5 * 60_000;

export class StoredHanaDoor implements HanaDoor {
  readonly #parts: StoredHanaDoorParts;
  #process: HanaProcess | null = null;
  #idle: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(parts: StoredHanaDoorParts) {
    this.#parts = parts;
  }

  open(connection: string): Promise<ProcessSession> {
    return this.openWith(this.#parts.rows.get(connection).connection);
  }

  /** One that may not be stored. Throws HANA_*, SECRET_*. */
  async openWith(connection: HanaConnection): Promise<ProcessSession> {
    const { secrets, driverFolders } = this.#parts;
    const password = await secrets.get(connection.secret);
    if (this.#isClosed) throw new AppError('HANA_LOST', { server: connection.host, problem: 'Lathe is ending' });
    const session = await this.#running().open({ connection, password, driverFolders });
    return session;
  }

  /** Every session is lost; HANA rolls back what was open. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#idle);
    this.#process?.close();
  }

  #running(): HanaProcess {
    if (this.#process === null || this.#process.isGone) this.#process = this.#parts.start();
    this.#rest();
    return this.#process;
  }

  #rest(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      if (this.#process === null || this.#process.isGone) return;
      if (this.#process.sessions > 0) return this.#rest();
      this.#process.close();
      this.#process = null;
    }, this.#parts.idleMs ?? usualIdleMs);
    this.#idle.unref();
  }
}
