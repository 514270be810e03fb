/** The local door: the contract table over a Unix socket or named pipe, for commands of the same user. */
import fastify, { type FastifyInstance } from 'fastify';
import { timingSafeEqual } from 'node:crypto';
import type { Server } from 'node:http';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Answer } from '../../shared/contracts/answer.ts';
import type { CallName } from '../../shared/contracts/calls.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { toAppError, toWireError } from '../../shared/errors/wire-error.ts';
import type { EventLog } from './event-log.ts';
import { streamEvents } from './event-stream.ts';

export interface LocalDoorParts {
  readonly home: string;
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
  /** Calls that were begun and have no answer yet. */
  readonly answering: () => number;
  /** Whoever comes from now on hears that this host is ending and has begun nothing; with `work`, only who would listen or leave work to it. */
  readonly refuse: (what: 'work' | 'everything') => void;
  /** Once nobody new can reach it: resolves when all who did have their answer, or do not take it. */
  readonly untilLeft: () => Promise<void>;
}

const bodyLimit = 8 * 2 ** 20;
/** A client that was stopped takes no answer. */
const leaveMs = 2_000;
/** What only a host that goes on can do. */
const leavesWork: ReadonlySet<string> = new Set<CallName>([
  ...(['runs.start', 'runs.resume', 'benchmarks.start', 'benchmarks.resume', 'schedules.runNow'] as const),
  ...(['deployments.start', 'deployments.confirm', 'deployments.rollback', 'chat.generate'] as const),
]);

export function localServer({ home, dispatch, events, secret, logPath }: LocalDoorParts): LocalServer {
  const server = fastify({ bodyLimit, forceCloseConnections: true });
  const streams = new Set<() => void>();
  let refused: 'nothing' | 'work' | 'everything' = 'nothing';
  let answering = 0;
  const ending = (): Answer => refusal(new AppError('HOST_ENDING', { home, problem: 'nothing is begun any more' }), logPath());
  const closeStreams = (): void => {
    streams.forEach((close) => close());
    streams.clear();
  };
  server.addHook('onRequest', (request, _, next) => {
    if (isSame(request.headers.authorization ?? '', `Bearer ${secret}`)) next();
    else next(new AppError('ROLE_MISSING', { action: 'the local door', needs: 'admin', has: 'nobody' }));
  });
  server.setErrorHandler((error, _, reply) => reply.status(200).send(refusal(error, logPath())));
  server.post<{ Params: { name: string } }>('/call/:name', async ({ params: { name }, body }): Promise<Answer> => {
    if (refused === 'everything' || (refused === 'work' && leavesWork.has(name))) return ending();
    answering += 1;
    try {
      return { ok: true, value: await dispatch(name, body ?? {}) };
    } catch (error) {
      return refusal(error, logPath());
    } finally {
      answering -= 1;
    }
  });
  server.get('/events', (_, reply) => {
    if (refused !== 'nothing') return void reply.send(ending());
    reply.hijack();
    const close = streamEvents(reply.raw, events, { lastEventId: null, wants: () => true });
    streams.add(close);
    reply.raw.on('close', () => streams.delete(close));
  });
  server.addHook('preClose', (done) => {
    closeStreams();
    done();
  });
  return {
    server,
    attached: () => streams.size,
    answering: () => answering,
    refuse: (what) => void (refused = what),
    untilLeft: async () => {
      closeStreams();
      await untilAllAreIn(server.server);
      await untilNobodyIsIn(server.server);
    },
  };
}

/** The loop takes one connection a turn from those that wait at the socket. */
async function untilAllAreIn(server: Server): Promise<void> {
  let came = 0;
  const count = (): void => void (came += 1);
  server.on('connection', count);
  do {
    came = 0;
    await turn();
    await turn();
  } while (came > 0);
  server.off('connection', count);
}

async function untilNobodyIsIn(server: Server): Promise<void> {
  const deadline = performance.now() + leaveMs;
  const connections = promisify(server.getConnections.bind(server));
  while ((await connections()) > 0 && performance.now() < deadline) await pause(5);
}

const refusal = (error: unknown, log: string): Answer => ({ ok: false, error: toWireError(toAppError(error, log)) });

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
