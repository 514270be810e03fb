/** Keeps in step by itself: a round when something waits, from time to time, and when it is asked for; after a failure it waits, or stops until somebody acts. */
import { hanaFailureOf, endsHanaSession, type HanaFailure } from '../../../shared/domain/hana-failure.ts';
import type { SyncState } from '../../../shared/contracts/sync-calls.ts';
import { isAppError, type AppError } from '../../../shared/errors/app-error.ts';
import type { ErrorCode } from '../../../shared/errors/codes.ts';
import { toAppError, toWireError } from '../../../shared/errors/wire-error.ts';
import type { Connection } from '../connection.ts';
import type { HanaSession } from '../hana/hana-session.ts';
import { waitAfter } from './backoff.ts';
import { syncRound, type RoundParts, type RoundResult } from './round.ts';

export interface SyncWorkerParts extends RoundParts {
  readonly connection: Connection;
  /** Logs on, once. */
  readonly open: () => Promise<HanaSession>;
  readonly onChanged: () => void;
  /** After a round that went through. */
  readonly onRound: () => Promise<unknown>;
}

/** How often others' changes are looked for. */
const everyMs = 60_000;
/** Changes that come close together go up together. */
const gatherMs = 500;
/** A session that nobody needs is given back. */
const idleMs = 2 * 60_000;
const quickTries = 3;

/** HANA is not to be reached; anything else that passes by itself is HANA's own state. */
const unreachable: readonly ErrorCode[] = ['HANA_UNRESOLVED', 'HANA_REFUSED', 'HANA_UNREACHABLE', 'HANA_SILENT', 'HANA_CLOSED', 'HANA_LOST'];

export interface WorkerState {
  readonly state: SyncState;
  readonly until: Date | null;
}

export class SyncWorker {
  readonly #parts: SyncWorkerParts;
  #session: HanaSession | null = null;
  #running: Promise<RoundResult> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;
  #state: WorkerState = { state: 'idle', until: null };
  #failures = 0;
  #isAuto = false;
  #isClosed = false;
  #isAgain = false;

  constructor(parts: SyncWorkerParts) {
    this.#parts = parts;
  }

  get state(): WorkerState {
    return this.#parts.connection.id === null ? { state: 'none', until: null } : this.#state;
  }

  /** From now on by itself. */
  start(): void {
    this.#isAuto = true;
    this.#plan(0);
  }

  /** Something waits. */
  wake(): void {
    if (this.#running !== null) this.#isAgain = true;
    else if (this.#state.state === 'idle') this.#plan(gatherMs);
  }

  /** Another connection, or another way to it: what stopped it may be mended. */
  connectionChanged(): void {
    this.#failures = 0;
    this.#parts.store.syncState.update({ problem: null });
    void this.#leave();
    this.#become({ state: 'idle', until: null });
    this.#plan(0);
  }

  /** The user has mended something, perhaps what it waits for: it is tried once more. */
  userActed(): void {
    if (this.#state.state === 'attention') this.connectionChanged();
  }

  /** A round at once, whatever it waits for; joins one that is under way. Throws what stopped it. */
  async now(): Promise<RoundResult> {
    clearTimeout(this.#timer);
    return this.#round();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#running?.catch(() => undefined);
    await this.#leave();
  }

  #plan(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#isAuto || this.#isClosed || this.#parts.connection.id === null) return;
    this.#timer = setTimeout(() => void this.#round().catch(() => undefined), ms);
    this.#timer.unref();
  }

  #round(): Promise<RoundResult> {
    this.#running ??= this.#tries().finally(() => {
      this.#running = null;
      if (this.#isAgain && this.#state.state === 'idle') this.#plan(gatherMs);
      this.#isAgain = false;
    });
    return this.#running;
  }

  async #tries(): Promise<RoundResult> {
    this.#become({ state: 'syncing', until: null });
    for (let tries = 1; ; tries += 1) {
      const isOld = this.#session !== null;
      try {
        const result = await this.#once();
        this.#succeeded();
        await this.#parts.onRound();
        return result;
      } catch (thrown) {
        const error = toAppError(thrown);
        const failure = failureOf(error);
        await this.#leave();
        // A session that lay idle may have been cut by a firewall: a new one is tried at once.
        const isAgain = !this.#isClosed && ((failure === 'quick' && tries < quickTries) || (isOld && endsHanaSession(error) && tries === 1));
        if (isAgain) continue;
        this.#failed(error, failure);
        throw error;
      }
    }
  }

  async #once(): Promise<RoundResult> {
    clearTimeout(this.#idle);
    this.#session ??= await this.#parts.open();
    return syncRound(this.#session, this.#parts, () => this.#isClosed);
  }

  #succeeded(): void {
    const { store, now } = this.#parts;
    this.#failures = 0;
    store.syncState.update({ last_round: now().toISOString(), problem: null });
    this.#become({ state: 'idle', until: null });
    this.#plan(everyMs);
    this.#idle = setTimeout(() => void this.#leave(), idleMs);
    this.#idle.unref();
  }

  #failed(error: AppError, failure: HanaFailure): void {
    const { store, log, now } = this.#parts;
    this.#failures += 1;
    const { stack: _, ...problem } = toWireError(error);
    store.syncState.update({ problem });
    log.warn('a sync round failed', { code: error.code, failure, failures: this.#failures });
    if (failure === 'stop' || failure === 'row') return this.#become({ state: 'attention', until: null });
    const wait = waitAfter(this.#failures);
    this.#become({ state: unreachable.includes(error.code) ? 'offline' : 'waiting', until: new Date(now().getTime() + wait) });
    this.#plan(wait);
  }

  async #leave(): Promise<void> {
    clearTimeout(this.#idle);
    const session = this.#session;
    this.#session = null;
    await session?.close();
  }

  #become(state: WorkerState): void {
    this.#state = state;
    this.#parts.onChanged();
  }
}

const failureOf = (error: AppError): HanaFailure => (isAppError(error, 'SYNC_WRITTEN_BESIDE') ? 'quick' : hanaFailureOf(error));
