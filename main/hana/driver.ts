/** What a HANA driver has to do. It throws the driver's own errors, and says nothing of them: `session.ts` puts them into words. */
import type { HanaConnection } from '../../shared/domain/hana-connection.ts';

export type Cell = string | number | boolean | null;

export interface LogOn {
  readonly connection: HanaConnection;
  readonly password: string;
  /** Certificates (PEM) to trust in place of those of the system; null: those. */
  readonly ca: string | null;
  /** Aborted when the time to connect is up. */
  readonly signal: AbortSignal;
}

export interface Page {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface RunQuery {
  readonly sql: string;
  readonly params: readonly Cell[];
  readonly onPage: (page: Page) => Promise<void> | void;
  /** HANA has answered something: patience begins anew. */
  readonly onSign: () => void;
}

/** One call at a time. Nothing is committed by itself. */
export interface DriverSession {
  query(run: RunQuery): Promise<void>;
  update(sql: string, params: readonly Cell[]): Promise<number>;
  batch(sql: string, rows: readonly (readonly Cell[])[]): Promise<number>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Says goodbye; HANA rolls back what is open. */
  close(): Promise<void>;
  /** Cuts the line at once. */
  cut(): void;
  /** Calls the listener once when the line is gone. */
  onGone(listener: () => void): void;
}

export interface Driver {
  /** Logs on exactly once. */
  open(logOn: LogOn): Promise<DriverSession>;
}
