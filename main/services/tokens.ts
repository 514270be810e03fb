/** Access tokens: who comes in through the public door. A token is 256 bits of chance; what is kept is its SHA-256. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OutputOf, ParsedInputOf } from '../../shared/contracts/calls.ts';
import type { NewToken, Token } from '../../shared/contracts/token-calls.ts';
import type { Actor } from '../../shared/domain/actor.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { writeFileAtomically } from '../platform/atomic-files.ts';
import { fileFailure } from '../platform/file-failure.ts';
import type { Store } from '../store/store.ts';
import type { Caller } from './caller.ts';
import type { Ledger } from './ledger.ts';

export interface TokensParts {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly now: () => Date;
  readonly home: string;
  /** Whose process this is: the user and machine that a token's acts are written down with. */
  readonly self: Actor;
}

/** A caller whom a token let in. */
export interface TokenCaller extends Caller {
  readonly id: string;
}

const pattern = /^lathe_[\w-]{43}$/;
/** A token's last use is written down to the minute, so that reading costs no write. */
const useMs = 60_000;

export class Tokens {
  readonly #parts: TokensParts;

  constructor(parts: TokensParts) {
    this.#parts = parts;
  }

  /** Throws TOKEN_NAME_TAKEN, INPUT_INVALID where it would have expired already. */
  create({ name, role, expires }: ParsedInputOf<'tokens.create'>, actor: Actor): NewToken {
    const now = this.#parts.now();
    if (expires !== null && Date.parse(expires) <= now.getTime()) throw new AppError('INPUT_INVALID', { where: 'expires', problem: 'that time has passed' });
    const text = newText();
    return { ...this.#insert(text, { name, role, expires }, { actor, action: 'tokens.create' }), token: text };
  }

  list(): OutputOf<'tokens.list'> {
    return { tokens: [...this.#parts.store.tokens.list()] };
  }

  /** Throws TOKEN_UNKNOWN. One that is revoked already stays as it is. */
  revoke(reference: string, actor: Actor): Token {
    const { store, ledger, now } = this.#parts;
    const found = store.tokens.find(reference);
    if (found === null) throw new AppError('TOKEN_UNKNOWN', { token: reference });
    if (found.revoked !== null) return found;
    const revoked = now().toISOString();
    return ledger.record(() => {
      store.tokens.revoke(found.id, revoked);
      const audit = { actor, action: 'tokens.revoke', subject: `token ${found.name}`, before: { revoked: null }, after: { revoked } };
      return { result: { ...found, revoked }, fact: { audit, outbox: [], events: [] } };
    });
  }

  /** null: nobody we know. */
  authenticate(text: string): TokenCaller | null {
    if (!pattern.test(text)) return null;
    const { store, now, self } = this.#parts;
    const found = store.tokens.findByHash(hashOf(text));
    if (found === null || !isLive(found, now())) return null;
    this.#noteUse(found);
    return { id: found.id, actor: { ...self, token: found.name }, role: found.role };
  }

  /** Whether a token that let somebody in still would. */
  isLive(id: string): boolean {
    const found = this.#parts.store.tokens.find(id);
    return found !== null && isLive(found, this.#parts.now());
  }

  /** The first admin token: made where there is none at all, and kept in a file of the user's own. Returns where. */
  ensureFirst(): string {
    const { store, home, self } = this.#parts;
    const path = join(home, 'token');
    if (!store.tokens.isEmpty) return path;
    const kept = existsSync(path) ? readKept(path) : null;
    const text = kept ?? newText();
    if (kept === null) writeKept(path, text);
    this.#insert(text, { name: 'first', role: 'admin', expires: null }, { actor: self, action: 'tokens.create' });
    return path;
  }

  #insert(text: string, token: Pick<Token, 'name' | 'role' | 'expires'>, asked: { readonly actor: Actor; readonly action: string }): Token {
    const { store, ledger, now } = this.#parts;
    if (store.tokens.find(token.name) !== null) throw new AppError('TOKEN_NAME_TAKEN', { name: token.name });
    const row = { id: randomBytes(6).toString('hex'), created: now().toISOString(), ...token };
    return ledger.record(() => {
      store.tokens.insert({ ...row, hash: hashOf(text) });
      const audit = { ...asked, subject: `token ${row.name}`, before: null, after: { role: row.role, expires: row.expires } };
      return { result: { ...row, last_used: null, revoked: null }, fact: { audit, outbox: [], events: [] } };
    });
  }

  #noteUse({ id, last_used }: Token): void {
    const now = this.#parts.now();
    // A clock that was set back must not keep it from being written until it has come so far again.
    if (last_used === null || Math.abs(now.getTime() - Date.parse(last_used)) > useMs) this.#parts.store.tokens.use(id, now.toISOString());
  }
}

const newText = (): string => `lathe_${randomBytes(32).toString('base64url')}`;
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const isLive = ({ revoked, expires }: Token, now: Date): boolean => revoked === null && (expires === null || Date.parse(expires) > now.getTime());

/** null where the file holds no token. */
function readKept(path: string): string | null {
  const text = readFileSync(path, 'utf8').trim();
  return pattern.test(text) ? text : null;
}

function writeKept(path: string, text: string): void {
  try {
    writeFileAtomically(path, `${text}\n`, { mode: 0o600 });
  } catch (error) {
    throw fileFailure(error, { what: 'Token', path, action: 'write' });
  }
}
