/** The keeper of keys that the window's shell is: it alone may ask the system's store of the app. */
import { z } from 'zod';
import type { FromCoreProcess, ToCoreProcess } from '../../shared/contracts/shell-link.ts';
import type { KeyKeeper } from '../platform/key-keeper.ts';

type KeyAnswer = Extract<ToCoreProcess, { kind: 'key-answer' }>;

/** Somebody may have to type a password into a prompt of the desktop. */
const promptMs = 60_000;
const Key = z.base64().transform((text) => Buffer.from(text, 'base64'));

interface Waiting {
  readonly resolve: (answer: KeyAnswer) => void;
  readonly timer: NodeJS.Timeout;
}

export class ShellKeeper implements KeyKeeper {
  readonly name = 'safe-storage';
  readonly #send: (message: FromCoreProcess) => void;
  readonly #waitMs: number;
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;

  constructor(send: (message: FromCoreProcess) => void, waitMs = promptMs) {
    this.#send = send;
    this.#waitMs = waitMs;
  }

  async get(id: string): Promise<Buffer | null> {
    const { key } = await this.#ask((ask) => ({ kind: 'key-get', ask, id }));
    return key === null ? null : Key.parse(key);
  }

  async set(id: string, key: Buffer): Promise<void> {
    await this.#ask((ask) => ({ kind: 'key-set', ask, id, key: key.toString('base64') }));
  }

  /** One that nobody waits for any more is dropped. */
  hear(answer: KeyAnswer): void {
    const waiting = this.#waiting.get(answer.ask);
    if (waiting === undefined) return;
    this.#waiting.delete(answer.ask);
    clearTimeout(waiting.timer);
    waiting.resolve(answer);
  }

  async #ask(question: (ask: number) => FromCoreProcess): Promise<KeyAnswer> {
    this.#count += 1;
    const ask = this.#count;
    const answer = await new Promise<KeyAnswer>((resolve) => {
      const late = (): void => this.hear({ kind: 'key-answer', ask, key: null, problem: 'nobody unlocked it in time' });
      this.#waiting.set(ask, { resolve, timer: setTimeout(late, this.#waitMs) });
      this.#send(question(ask));
    });
    if (answer.problem !== null) throw new Error(answer.problem);
    return answer;
  }
}
