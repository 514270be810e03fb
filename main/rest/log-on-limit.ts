/**
 * Slows down who guesses. Right tokens are let in whatever the count is: they are 256 bits of chance, so that guessing is hopeless anyway, and
 * a limit that holds for everybody would let any program on this machine lock its owner out.
 */
import { AppError } from '../../shared/errors/app-error.ts';

const windowMs = 60_000;
const allowed = 10;
const maxAddresses = 10_000;

export class LogOnLimit {
  readonly #failures = new Map<string, { count: number; readonly until: number }>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Throws LOG_ON_LIMITED from the eleventh failure of a minute on. */
  failed(address: string): void {
    const now = this.#now();
    const known = this.#failures.get(address);
    if (known === undefined || known.until <= now) {
      if (this.#failures.size >= maxAddresses) this.#failures.clear();
      this.#failures.set(address, { count: 1, until: now + windowMs });
      return;
    }
    known.count += 1;
    if (known.count > allowed) throw new AppError('LOG_ON_LIMITED', { address, seconds: Math.ceil((known.until - now) / 1_000) });
  }
}
