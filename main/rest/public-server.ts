/** The public door: the route table over HTTP, for programs with a token and a browser with a session. */
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
import type { CallName } from '../../shared/contracts/calls.ts';
import type { HostStatus } from '../../shared/contracts/host-calls.ts';
import type { Actor } from '../../shared/domain/actor.ts';
import { isAllowed } from '../../shared/domain/role.ts';
import { AppError, isAppError } from '../../shared/errors/app-error.ts';
import { eventRoles } from '../../shared/contracts/event-roles.ts';
import { toAppError } from '../../shared/errors/wire-error.ts';
import type { Logger } from '../platform/logger.ts';
import type { PageFile } from '../platform/page-files.ts';
import { pagePolicy } from '../platform/page-policy.ts';
import { requestFailure } from '../platform/request-failure.ts';
import type { Answers } from '../services/answers.ts';
import type { Caller } from '../services/caller.ts';
import type { Tokens } from '../services/tokens.ts';
import { answerRequest } from './answer-request.ts';
import { answerBrokenConnection } from './broken-connection.ts';
import type { EventLog } from './event-log.ts';
import { OpenStreams } from './open-streams.ts';
import { checkFiles } from './file-fields.ts';
import { Guard, type Listening } from './guard.ts';
import { LogOnLimit } from './log-on-limit.ts';
import { sessionCookie, sessionIn, whoAsks, type KnownCaller } from './log-on.ts';
import { metricsText } from './metrics.ts';
import { openApi } from './openapi.ts';
import { problemOf, problemType } from './problem.ts';
import type { BoundCall, OwnRoute, Route } from './route.ts';
import { EventQuery, routes, routesByPath } from './routes.ts';
import { safeJson } from './safe-json.ts';
import { sendPageFile } from './send-page-file.ts';
import { Sessions } from './sessions.ts';
import { linkRefused, pageHeaders, startPage } from './start-page.ts';

export interface PublicDoorParts {
  readonly dispatch: (name: string, input: unknown, caller: Caller) => Promise<unknown>;
  readonly events: EventLog;
  readonly tokens: Tokens;
  readonly answers: Answers;
  readonly log: Logger;
  readonly logPath: () => string;
  /** Whose process this is. */
  readonly self: Actor;
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** The built page by paths; empty where there is none. */
  readonly page: ReadonlyMap<string, PageFile>;
  /** Names this host answers to. */
  readonly names: readonly string[];
  /** Names of a proxy in front of it. */
  readonly proxied: readonly string[];
  readonly limits?: Partial<Limits>;
}

interface Limits {
  readonly bodyBytes: number;
  /** For the head of a request, and for all of it. */
  readonly headMs: number;
  readonly requestMs: number;
  /** How long an end waits for what is being answered. */
  readonly closeMs: number;
}

const usual: Limits = { bodyBytes: 2 ** 20, headMs: 10_000, requestMs: 30_000, closeMs: 10_000 };
const maxConnections = 2_000;

const plainHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
} as const;

export class PublicServer {
  readonly #parts: PublicDoorParts;
  readonly #limits: Limits;
  readonly #server: FastifyInstance;
  readonly #sessions = new Sessions();
  readonly #logOnLimit = new LogOnLimit();
  readonly #streams = new OpenStreams();
  readonly #callers = new WeakMap<FastifyRequest, KnownCaller>();
  readonly #counts = new Map<string, number>();
  #guard: Guard | null = null;
  #isClosing = false;
  #cookie = '';

  constructor(parts: PublicDoorParts) {
    this.#parts = parts;
    this.#limits = { ...usual, ...parts.limits };
    this.#server = this.#create();
  }

  get listenerCount(): number {
    return this.#streams.count;
  }

  /** Returns its address. Throws LISTEN_FAILED. */
  async listen(host: string, port: number): Promise<Listening> {
    const { tls, names, proxied } = this.#parts;
    try {
      await this.#server.listen({ host, port });
    } catch (error) {
      throw new AppError('LISTEN_FAILED', { address: `${host}:${port}`, problem: error instanceof Error ? error.message : String(error) }, { cause: error });
    }
    const address = this.#server.server.address();
    const listening: Listening = {
      scheme: tls === null ? 'http' : 'https',
      port: typeof address === 'object' && address !== null ? address.port : port,
      names,
      proxied,
    };
    this.#cookie = sessionCookie(listening.port);
    this.#guard = new Guard(listening);
    return listening;
  }

  /** What opens a session once. */
  newLink(): string {
    return this.#sessions.newLink();
  }

  /** Streams are told, what is being answered is answered. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const hurry = setTimeout(() => this.#server.server.closeAllConnections(), this.#limits.closeMs);
    await this.#server.close().finally(() => clearTimeout(hurry));
  }

  #create(): FastifyInstance {
    const { tls, logPath, log } = this.#parts;
    const { bodyBytes, headMs, requestMs } = this.#limits;
    const timing = { headersTimeout: headMs, requestTimeout: requestMs, connectionsCheckingInterval: Math.min(1_000, headMs) };
    const options = {
      bodyLimit: bodyBytes,
      requestTimeout: requestMs,
      exposeHeadRoutes: false,
      forceCloseConnections: 'idle' as const,
      // Beyond any name: the schema refuses it in our words.
      routerOptions: { maxParamLength: 20_000 },
      // A path that cannot be decoded is refused before any hook.
      frameworkErrors: (_: unknown, request: FastifyRequest, reply: FastifyReply) => this.#refuseUnreadablePath(request, reply),
      clientErrorHandler: (error: unknown, socket: Socket) => answerBrokenConnection(error, socket, { bodyLimit: bodyBytes, seconds: headMs / 1_000 }),
    };
    const server = (tls === null ? fastify({ ...options, http: timing }) : fastify({ ...options, https: { ...timing, ...tls } })) as FastifyInstance;
    server.server.maxConnections = maxConnections;
    server.removeContentTypeParser('text/plain');
    takeEmptyBodies(server);
    server.addHook('onRequest', (request, reply, next) => {
      reply.headers(plainHeaders);
      this.#requireGuard().check(request.headers as { host: string | undefined; origin: string | undefined });
      next();
    });
    // A connection that is kept would hold up the end.
    server.addHook('onSend', (_, reply, payload, next) => {
      if (this.#isClosing) void reply.header('connection', 'close');
      next(null, payload);
    });
    server.addHook('onResponse', ({ routeOptions }, { statusCode }, next) => {
      this.#count(routeOptions.url ?? 'unknown', statusCode);
      next();
    });
    server.setErrorHandler((error, request, reply) => {
      const failure = requestFailure(error, { bodyLimit: bodyBytes, type: request.headers['content-type'] ?? 'unknown', log: logPath() });
      if (isAppError(failure, 'INTERNAL')) log.error('a request failed', { route: request.routeOptions.url ?? '', problem: failure.message });
      return this.#refuse(failure, reply);
    });
    server.setNotFoundHandler((request, reply) => this.#refuse(new AppError('ROUTE_UNKNOWN', { method: request.method, path: pathOf(request) }), reply));
    server.addHook('preClose', (done) => {
      this.#streams.closeAll();
      done();
    });
    for (const row of routes) this.#add(server, row);
    this.#addOtherMethods(server);
    return server;
  }

  #requireGuard(): Guard {
    if (this.#guard === null) throw new Error('not listening yet');
    return this.#guard;
  }

  #refuse(error: AppError, reply: FastifyReply): FastifyReply {
    const problem = problemOf(error);
    if (error.code === 'LOG_ON_NEEDED') void reply.header('www-authenticate', 'Bearer realm="lathe"');
    if (isAppError(error, 'LOG_ON_LIMITED')) void reply.header('retry-after', String(error.facts['seconds' as never]));
    return reply.status(problem.status).header('content-type', problemType).send(safeJson(problem));
  }

  #refuseUnreadablePath(request: FastifyRequest, reply: FastifyReply): void {
    void reply.headers(plainHeaders);
    try {
      this.#requireGuard().check(request.headers as { host: string | undefined; origin: string | undefined });
      throw new AppError('ROUTE_UNKNOWN', { method: request.method, path: pathOf(request) });
    } catch (error) {
      this.#refuse(toAppError(error), reply);
    }
  }

  #count(route: string, status: number): void {
    const key = `${route} ${status}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  #add(server: FastifyInstance, row: Route): void {
    const { handle } = row;
    server.route({
      method: row.method,
      url: fastifyPath(row.path),
      onRequest: (request, _, next) => {
        this.#letIn(row, request);
        next();
      },
      handler: (request, reply) => {
        if (typeof handle === 'string') return this.#own[handle](request, reply);
        const caller = this.#callers.get(request) ?? null;
        return answerRequest(row, request, reply, { answers: this.#parts.answers, caller, callAs: (revision) => this.#callAs(caller, revision) });
      },
    });
  }

  /** A path that is there says which methods it has. */
  #addOtherMethods(server: FastifyInstance): void {
    for (const [path, rows] of routesByPath) {
      const known = rows.map(({ method }) => method);
      const others = (['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const).filter((method) => !known.some((each) => each === method));
      server.route({
        method: others,
        url: fastifyPath(path),
        handler: (request, reply) => {
          void reply.header('allow', known.join(', '));
          return this.#refuse(new AppError('METHOD_UNKNOWN', { method: request.method, path: pathOf(request), known: known.join(', ') }), reply);
        },
      });
    }
  }

  /** Throws LOG_ON_NEEDED, LOG_ON_LIMITED, ROLE_MISSING, ORIGIN_FOREIGN. */
  #letIn({ role, method, path }: Route, request: FastifyRequest): void {
    const { tokens, self } = this.#parts;
    if (role === null && path !== '/') return;
    const arrived = { headers: request.headers, method: request.method, address: request.ip, guard: this.#requireGuard(), cookie: this.#cookie };
    const caller = whoAsks(arrived, { tokens, sessions: this.#sessions, limit: this.#logOnLimit, self });
    if (caller !== null) this.#callers.set(request, caller);
    if (role === null) return;
    if (caller === null) throw new AppError('LOG_ON_NEEDED', {});
    if (!isAllowed(caller.role, role)) throw new AppError('ROLE_MISSING', { action: `${method} ${path}`, needs: role, has: caller.role });
  }

  /** A health check has no caller; it may ask what anybody may know. */
  #callAs(caller: KnownCaller | null, revision?: number): BoundCall {
    const by: Caller = { ...(caller ?? { actor: this.#parts.self, role: 'viewer' }), revision };
    return (async (name: CallName, input: unknown) => {
      checkFiles(name, input, by.role);
      return this.#parts.dispatch(name, input, by);
    }) as BoundCall;
  }

  readonly #own: { readonly [Name in OwnRoute]: (request: FastifyRequest, reply: FastifyReply) => FastifyReply | Promise<FastifyReply> } = {
    page: async (request, reply) => {
      const caller = this.#callers.get(request) ?? null;
      const built = this.#parts.page.get('/');
      if (caller !== null && built !== undefined) return sendPageFile(built, request, reply.header('content-security-policy', pagePolicy));
      const status = caller === null ? null : await this.#status(caller);
      return reply.headers(pageHeaders).send(startPage(status));
    },
    pageFile: (request, reply) => {
      const path = pathOf(request);
      const file = this.#parts.page.get(path);
      return file === undefined ? this.#refuse(new AppError('ROUTE_UNKNOWN', { method: request.method, path }), reply) : sendPageFile(file, request, reply);
    },
    login: (request, reply) => {
      const { code } = request.query as Record<string, unknown>;
      const known = sessionIn(request.headers.cookie, this.#cookie);
      // The link was followed before, by a reload or from the history.
      if (known !== null && this.#sessions.isOpen(known)) return reply.status(303).header('location', '/').send();
      const secret = typeof code === 'string' ? this.#sessions.open(code) : null;
      if (secret === null) {
        this.#logOnLimit.failed(request.ip);
        return reply.status(401).headers(pageHeaders).send(linkRefused());
      }
      const secure = this.#parts.tls === null ? '' : '; Secure';
      return reply
        .status(303)
        .headers({ location: '/', 'set-cookie': `${this.#cookie}=${secret}; Path=/; HttpOnly; SameSite=Lax${secure}` })
        .send();
    },
    events: (request, reply) => this.#openStream(request, reply),
    openapi: (_, reply) => reply.header('content-type', 'application/json; charset=utf-8').send(openApi()),
    metrics: async (request, reply) => {
      const requests = [...this.#counts].map(([key, count]) => {
        const [route = '', status = ''] = key.split(' ');
        return { route, status: Number(status), count };
      });
      const status = await this.#status(this.#callers.get(request) ?? null);
      return reply.header('content-type', 'text/plain; version=0.0.4; charset=utf-8').send(metricsText({ status, listeners: this.#streams.count, requests }));
    },
  };

  #status(caller: KnownCaller | null): Promise<HostStatus> {
    return this.#callAs(caller)('host.status', {});
  }

  /** Throws LOG_ON_NEEDED, INPUT_INVALID, RUN_UNKNOWN. */
  async #openStream(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const caller = this.#callers.get(request);
    const query = EventQuery.safeParse(request.query);
    if (caller === undefined) throw new AppError('LOG_ON_NEEDED', {});
    if (!query.success) {
      const [issue] = query.error.issues;
      throw new AppError('INPUT_INVALID', { where: ['query', ...(issue?.path ?? []).map(String)].join('.'), problem: issue?.message ?? '' });
    }
    const { run, events } = query.data;
    // Of a run that is not there nothing would ever be heard.
    if (run !== undefined) await this.#callAs(caller)('runs.status', { run });
    const last = request.headers['last-event-id'];
    reply.hijack();
    this.#streams.open(reply.raw, this.#parts.events, {
      lastEventId: typeof last === 'string' ? last : null,
      wants: (event) =>
        isAllowed(caller.role, eventRoles[event.event]) && (run === undefined || event.run === run) && (events === undefined || events.includes(event.event)),
      headers: plainHeaders,
      caller,
    });
    return reply;
  }
}

/** Clients that always name the type send it with nothing too; what may be left out is the schema's to say. */
function takeEmptyBodies(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) => {
    if (body === '') done(null, undefined);
    else void parse(request, body, done);
  });
}

const fastifyPath = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1');
const pathOf = ({ url }: FastifyRequest): string => url.split('?')[0] ?? '';
