/** Who makes a request: by the token it carries, or by the session of a browser. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Actor } from '../../shared/domain/actor.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Caller } from '../services/caller.ts';
import type { Tokens } from '../services/tokens.ts';
import type { Guard } from './guard.ts';
import type { LogOnLimit } from './log-on-limit.ts';
import type { Sessions } from './sessions.ts';

export interface KnownCaller extends Caller {
  /** Keeps idempotency keys of callers apart. */
  readonly id: string;
  /** Whether it would still be let in. */
  readonly isLive: () => boolean;
}

export interface LogOnParts {
  readonly tokens: Tokens;
  readonly sessions: Sessions;
  readonly limit: LogOnLimit;
  readonly self: Actor;
}

/** Of one host: a browser keeps the cookies of a machine's ports together. */
export const sessionCookie = (port: number): string => `lathe_session_${port}`;

export interface Arrived {
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  readonly address: string;
  readonly guard: Guard;
  /** What the session's cookie is called. */
  readonly cookie: string;
}

/** null: a request that carries neither. Throws LOG_ON_NEEDED, LOG_ON_LIMITED, ORIGIN_FOREIGN. */
export function whoAsks({ headers, method, address, guard, cookie }: Arrived, { tokens, sessions, limit, self }: LogOnParts): KnownCaller | null {
  const { authorization, origin } = headers;
  if (authorization !== undefined) {
    const caller = tokens.authenticate(/^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '');
    if (caller !== null) return { ...caller, isLive: () => tokens.isLive(caller.id) };
    limit.failed(address);
    throw new AppError('LOG_ON_NEEDED', {});
  }
  const secret = sessionIn(headers.cookie, cookie);
  if (secret === null || !sessions.isOpen(secret)) return null;
  // A cookie goes along whoever asks for it, so that a change needs the browser's word that the page is ours.
  if (method !== 'GET' && !guard.isOwn(origin)) throw new AppError('ORIGIN_FOREIGN', { origin: origin ?? 'nowhere' });
  return { id: 'session', actor: { ...self, token: 'browser' }, role: 'admin', isLive: () => sessions.isOpen(secret) };
}

export function sessionIn(header: string | undefined, cookie: string): string | null {
  const found = (header ?? '').split(';').map((part) => part.trim());
  const prefix = `${cookie}=`;
  return found.find((part) => part.startsWith(prefix))?.slice(prefix.length) ?? null;
}
