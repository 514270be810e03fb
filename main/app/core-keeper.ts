/** Keeps a core process alive: starts it, starts another when it died, and gives up when that does not help. */
import type { MessagePortMain } from 'electron';
import { FromCoreProcess, type ToCoreProcess } from '../../shared/contracts/shell-link.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { fromWireError } from '../../shared/errors/wire-error.ts';
import type { Logger } from '../platform/logger.ts';
import { describeExit } from '../workers/describe-exit.ts';
import type { ChildExit, ChildListener } from '../workers/transport.ts';
import type { CoreProcess } from './core-process.ts';

export interface CoreKeeperParts {
  readonly start: (listener: ChildListener) => CoreProcess;
  readonly log: Logger;
  readonly logPath: () => string;
  readonly onMessage: (message: FromCoreProcess) => void;
  /** One is there; whoever is connected connects again. */
  readonly onStart: () => void;
  /** It died; another is started, unless `onGiveUp` follows. */
  readonly onLost: () => void;
  /** It cannot be had; `again` tries anew. */
  readonly onGiveUp: (error: AppError) => void;
  readonly now?: () => number;
  readonly delaysMs?: readonly number[];
}

/** Deaths within this time count together. */
const windowMs = 5 * 60_000;
/** Before the first, second … start after a death; then it is given up. */
const usualDelaysMs = [200, 1_000, 3_000, 10_000];

export class CoreKeeper {
  readonly #parts: CoreKeeperParts;
  #process: CoreProcess | null = null;
  #deaths: number[] = [];
  #failure: AppError | null = null;
  #onEnd: (() => void) | null = null;

  constructor(parts: CoreKeeperParts) {
    this.#parts = parts;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  get takesPorts(): boolean {
    return this.#process?.takesPorts ?? false;
  }

  get isThere(): boolean {
    return this.#process !== null;
  }

  start(): void {
    this.#failure = null;
    const child = this.#parts.start({
      onMessage: (raw) => this.#hear(raw),
      onOutput: (line) => this.#parts.log.warn('the core wrote', { line: line.slice(0, 2_000) }),
      onExit: (exit) => this.#ended(exit),
    });
    this.#process = child;
    this.#parts.onStart();
  }

  /** Lost without a word where there is none. */
  send(message: ToCoreProcess, port?: MessagePortMain): void {
    this.#process?.send(message, port);
  }

  /** Resolves when it has ended: its runs have made a checkpoint, or `timeoutMs` are over. */
  async quit(timeoutMs: number): Promise<void> {
    const child = this.#process;
    if (child === null) return;
    await new Promise<void>((resolve) => {
      const hurry = setTimeout(() => child.kill(), timeoutMs);
      this.#onEnd = () => {
        clearTimeout(hurry);
        resolve();
      };
      this.send({ kind: 'quit' });
    });
  }

  #hear(raw: unknown): void {
    const parsed = FromCoreProcess.safeParse(raw);
    if (!parsed.success) return this.#parts.log.error('the core sent what is not in the contract', { problem: parsed.error.issues[0]?.message ?? '' });
    if (parsed.data.kind === 'failed') this.#failure = fromWireError(parsed.data.error);
    this.#parts.onMessage(parsed.data);
  }

  #ended(exit: ChildExit): void {
    const { log, onLost, onGiveUp, delaysMs = usualDelaysMs, now = () => performance.now() } = this.#parts;
    this.#process = null;
    log.info('the core process ended', { exit: describeExit(exit) });
    if (this.#onEnd !== null) return this.#onEnd();
    onLost();
    // It said itself why it cannot work here; the same would happen again.
    if (this.#failure !== null) return onGiveUp(this.#failure);
    this.#deaths = [...this.#deaths.filter((at) => now() - at < windowMs), now()];
    const delay = delaysMs[this.#deaths.length - 1];
    if (delay === undefined) return this.#giveUp(exit);
    setTimeout(() => this.start(), delay);
  }

  #giveUp(exit: ChildExit): void {
    const { onGiveUp, logPath } = this.#parts;
    this.#deaths = [];
    onGiveUp(new AppError('INTERNAL', { message: `The core process ended again and again (${describeExit(exit)})`, log: logPath() }));
  }
}
