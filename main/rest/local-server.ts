/** The local door: the contract table over a Unix socket or named pipe, for commands of the same user. */
import fastify, { type FastifyInstance } from 'fastify';
import { timingSafeEqual } from 'node:crypto';
import type { Answer } from '../../shared/contracts/answer.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { toAppError, toWireError } from '../../shared/errors/wire-error.ts';
import type { EventLog } from './event-log.ts';
import { streamEvents } from './event-stream.ts';

export interface LocalDoorParts {
  readonly dispatch: (name: string, input: unknown) => Promise<unknown>;
  readonly events: EventLog;
  /** Whoever can read host.json is the user. */
  readonly secret: string;
  readonly logPath: () => string;
}

export interface LocalServer {
  readonly server: FastifyInstance;
  /** Clients that listen to events: those that still need this host. */
  readonly attached: () => number;
}

const bodyLimit = 8 * 2 ** 20;

export function localServer({ dispatch, events, secret, logPath }: LocalDoorParts): LocalServer {
  const server = fastify({ bodyLimit, forceCloseConnections: true });
  const streams = new Set<() => void>();
  server.addHook('onRequest', (request, _, next) => {
    if (isSame(request.headers.authorization ?? '', `Bearer ${secret}`)) next();
    else next(new AppError('ROLE_MISSING', { action: 'the local door', needs: 'admin', has: 'nobody' }));
  });
  server.setErrorHandler((error, _, reply) => reply.status(200).send(refusal(error, logPath())));
  server.post<{ Params: { name: string } }>('/call/:name', async ({ params, body }): Promise<Answer> => {
    try {
      return { ok: true, value: await dispatch(params.name, body ?? {}) };
    } catch (error) {
      return refusal(error, logPath());
    }
  });
  server.get('/events', (_, reply) => {
    reply.hijack();
    const close = streamEvents(reply.raw, events, { lastEventId: null, wants: () => true });
    streams.add(close);
    reply.raw.on('close', () => streams.delete(close));
  });
  server.addHook('preClose', (done) => {
    streams.forEach((close) => close());
    done();
  });
  return { server, attached: () => streams.size };
}

const refusal = (error: unknown, log: string): Answer => ({ ok: false, error: toWireError(toAppError(error, log)) });

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
