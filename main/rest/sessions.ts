/** Browsers that came in by the one-time link. Kept in memory: a host that ends logs them out. */
import { createHash, randomBytes } from 'node:crypto';

const linkMs = 5 * 60_000;
const sessionMs = 12 * 60 * 60_000;

const newSecret = (): string => randomBytes(32).toString('base64url');
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

export class Sessions {
  /** When each ends, by hash: what is compared is not what was sent. */
  readonly #links = new Map<string, number>();
  readonly #sessions = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  newLink(): string {
    const code = newSecret();
    this.#links.set(hashOf(code), this.#now() + linkMs);
    return code;
  }

  /** The session's secret, or null: the code is none, was used or is too old. */
  open(code: string): string | null {
    const hash = hashOf(code);
    const ends = this.#links.get(hash);
    this.#links.delete(hash);
    if (ends === undefined || ends < this.#now()) return null;
    const secret = newSecret();
    this.#sessions.set(hashOf(secret), this.#now() + sessionMs);
    return secret;
  }

  isOpen(secret: string): boolean {
    const hash = hashOf(secret);
    const ends = this.#sessions.get(hash);
    if (ends !== undefined && ends < this.#now()) this.#sessions.delete(hash);
    return ends !== undefined && ends >= this.#now();
  }
}
