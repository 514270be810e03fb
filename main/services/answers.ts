/** Does what carries an Idempotency-Key once: asked again it gives the same answer, and after a crash it says that it does not know. */
import { createHash } from 'node:crypto';
import { AppError } from '../../shared/errors/app-error.ts';
import type { AnswerRows } from '../store/answer-rows.ts';

const keptMs = 24 * 60 * 60 * 1_000;

export interface Answered {
  readonly status: number;
  readonly body: string;
  /** It was given before. */
  readonly isRepeated: boolean;
}

export interface KeyedRequest {
  readonly caller: string;
  readonly key: string;
  /** Method, path and body: what must be the same for the key to mean the same. */
  readonly request: string;
}

export class Answers {
  readonly #rows: AnswerRows;
  readonly #now: () => Date;

  constructor(rows: AnswerRows, now: () => Date) {
    this.#rows = rows;
    this.#now = now;
  }

  /** Only what succeeded is kept: a refused request did nothing, so its key is free again. Throws KEY_REUSED, KEY_UNDECIDED and what `act` throws. */
  async once({ caller, key, request }: KeyedRequest, act: () => Promise<Omit<Answered, 'isRepeated'>>): Promise<Answered> {
    const rows = this.#rows;
    const now = this.#now();
    rows.forgetBefore(new Date(now.getTime() - keptMs).toISOString());
    const hash = createHash('sha256').update(request).digest('hex');
    const known = rows.find({ caller, key });
    if (known !== null && known.request !== hash) throw new AppError('KEY_REUSED', { key });
    if (known?.status === 0) throw new AppError('KEY_UNDECIDED', { key });
    if (known !== null) return { status: known.status, body: known.body, isRepeated: true };
    rows.reserve({ caller, key }, hash, now.toISOString());
    try {
      const answer = await act();
      rows.keep({ caller, key }, answer);
      return { ...answer, isRepeated: false };
    } catch (error) {
      rows.forget({ caller, key });
      throw error;
    }
  }
}
