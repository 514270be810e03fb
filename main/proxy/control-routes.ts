/** How the proxy is told what to do: `/lathe/splits`, behind a key of its own. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { TrafficSplit } from '../../shared/domain/traffic-split.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Logger } from '../platform/logger.ts';
import type { SplitBook } from './split-book.ts';

/** Paths of the proxy itself; the server behind it has none that begin so. */
export const controlPath = '/lathe/';

export interface ControlParts {
  readonly book: SplitBook;
  readonly key: string;
  readonly log: Logger;
}

const ByAlias = z.strictObject({ alias: TrafficSplit.shape.alias });

export function addControlRoutes(server: FastifyInstance, { book, key, log }: ControlParts): void {
  const letIn = (request: FastifyRequest): void => {
    if (!isSame(request.headers.authorization ?? '', `Bearer ${key}`)) throw new AppError('PROXY_KEY_WRONG', {});
  };
  server.get('/lathe/health', () => ({ status: 'ok' }));
  server.get('/lathe/splits', (request) => {
    letIn(request);
    return { splits: book.reports() };
  });
  server.put('/lathe/splits/:alias', (request) => {
    letIn(request);
    const { alias } = ByAlias.parse(request.params);
    const split = TrafficSplit.safeParse({ ...(bodyOf(request) as object), alias });
    if (!split.success)
      throw new AppError('INPUT_INVALID', { where: split.error.issues[0]?.path.join('.') ?? 'the body', problem: split.error.issues[0]?.message ?? '' });
    book.set(split.data);
    log.info('split set', { ...split.data });
    return { splits: book.reports() };
  });
  server.delete('/lathe/splits/:alias', (request) => {
    letIn(request);
    const { alias } = ByAlias.parse(request.params);
    book.clear(alias);
    log.info('split cleared', { alias });
    return { splits: book.reports() };
  });
}

function bodyOf({ body }: FastifyRequest): unknown {
  try {
    const value: unknown = Buffer.isBuffer(body) ? JSON.parse(body.toString('utf8')) : body;
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // said below
  }
  throw new AppError('BODY_UNREADABLE', { problem: 'it is no JSON object' });
}

const isSame = (given: string, wanted: string): boolean => timingSafeEqual(hashOf(given), hashOf(wanted));
const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();
