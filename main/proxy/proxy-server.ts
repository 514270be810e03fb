/** The proxy: clients' requests go through to the server, those for a split alias under the name of their side. */
import replyFrom from '@fastify/reply-from';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { pipeline, type Readable } from 'node:stream';
import type { TrafficSplit } from '../../shared/domain/traffic-split.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { errorCodes } from '../../shared/errors/codes.ts';
import type { Logger } from '../platform/logger.ts';
import { requestFailure } from '../platform/request-failure.ts';
import { callerKey } from './caller-key.ts';
import { chooseSide, type Side } from './choose-side.ts';
import { addControlRoutes, controlPath } from './control-routes.ts';
import { readBody, rewriteModel } from './rewrite-model.ts';
import type { Answered } from './side-figures.ts';
import type { SplitBook } from './split-book.ts';
import { watchAnswer } from './watch-answer.ts';

export interface ProxyParts {
  readonly upstream: string;
  readonly book: SplitBook;
  /** Of the control paths. */
  readonly key: string;
  readonly log: Logger;
}

/** Pictures and sound may stand in a request. */
const bodyLimit = 64 * 2 ** 20;

/** What the package hands over, where its types say otherwise. */
interface UpstreamAnswer {
  readonly statusCode: number;
  readonly stream: Readable;
}

interface Chosen {
  readonly split: TrafficSplit;
  readonly side: Side;
  readonly model: string;
  readonly body: string;
}

export class ProxyServer {
  readonly #parts: ProxyParts;
  readonly #server: FastifyInstance;

  constructor(parts: ProxyParts) {
    this.#parts = parts;
    this.#server = fastify({ bodyLimit, requestTimeout: 0, forceCloseConnections: 'idle', exposeHeadRoutes: false });
    this.#build();
  }

  /** Returns its address. Throws LISTEN_FAILED. */
  async listen(host: string, port: number): Promise<string> {
    try {
      return await this.#server.listen({ host, port });
    } catch (error) {
      throw new AppError('LISTEN_FAILED', { address: `${host}:${port}`, problem: error instanceof Error ? error.message : String(error) }, { cause: error });
    }
  }

  /** What is being answered has so long to come to its end. */
  async close(patienceMs = 30_000): Promise<void> {
    const hurry = setTimeout(() => this.#server.server.closeAllConnections(), patienceMs);
    await this.#server.close().finally(() => clearTimeout(hurry));
  }

  #build(): void {
    const { upstream, book, key, log } = this.#parts;
    const server = this.#server;
    server.removeAllContentTypeParsers();
    server.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
    // A model on a laptop may think for minutes before it says anything.
    void server.register(replyFrom, { base: upstream, disableRequestLogging: true, undici: { headersTimeout: 0, bodyTimeout: 0, connectTimeout: 10_000 } });
    server.setErrorHandler((error, request, reply) =>
      this.#refuse(requestFailure(error, { bodyLimit, type: request.headers['content-type'] ?? 'unknown' }), reply),
    );
    addControlRoutes(server, { book, key, log });
    server.all('*', (request, reply) => this.#forward(request, reply));
  }

  #forward(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const [path = ''] = request.url.split('?');
    if (path.startsWith(controlPath)) throw new AppError('ROUTE_UNKNOWN', { method: request.method, path });
    const chosen = this.#choose(request);
    return chosen === null ? this.#pass(request, reply) : this.#passTo(chosen, request, reply);
  }

  #pass(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const { body, headers } = request;
    return reply.from(request.url, {
      onError: (_, { error }) => this.#upstreamFailed(error, reply),
      ...(Buffer.isBuffer(body) && body.length > 0 ? { body, contentType: headers['content-type'] ?? 'application/octet-stream' } : {}),
    });
  }

  #passTo(chosen: Chosen, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const began = performance.now();
    const onEnd = (answered: Answered): void => this.#parts.book.count(chosen.split, chosen.side, answered);
    return reply.from(request.url, {
      body: chosen.body,
      contentType: request.headers['content-type'] ?? 'application/json',
      rewriteHeaders: (headers) => ({ ...headers, 'x-lathe-served-by': chosen.model }),
      onResponse: (_, answer, { statusCode, stream }: UpstreamAnswer) => {
        const watched = watchAnswer({ status: statusCode, began, onEnd });
        // Either end that breaks off takes the other along: a client that went away must not leave the server writing.
        pipeline(stream, watched, () => undefined);
        void answer.send(watched);
      },
      onError: (_, { error }) => {
        const ms = performance.now() - began;
        onEnd({ isFailure: true, firstMs: ms, totalMs: ms });
        this.#upstreamFailed(error, reply);
      },
    });
  }

  #upstreamFailed(error: Error, reply: FastifyReply): void {
    this.#refuse(new AppError('UPSTREAM_FAILED', { upstream: this.#parts.upstream, problem: error.message }, { cause: error }), reply);
  }

  /** null: it goes through as it came. */
  #choose(request: FastifyRequest): Chosen | null {
    if (request.method !== 'POST' || !Buffer.isBuffer(request.body)) return null;
    const text = request.body.toString('utf8');
    const body = readBody(text);
    const split = typeof body?.['model'] === 'string' ? this.#parts.book.find(body['model']) : null;
    if (body === null || split === null) return null;
    const side = chooseSide(split, callerKey({ headers: request.headers, body, address: request.ip }));
    const model = split[side];
    return { split, side, model, body: rewriteModel(text, model) };
  }

  /** In the shape that clients of the server read. */
  #refuse(failure: AppError, reply: FastifyReply): void {
    if (failure.code === 'INTERNAL') this.#parts.log.error('a request failed', { problem: failure.message });
    const status = errorCodes[failure.code].http;
    void reply.status(status).send({ error: { message: `${failure.message}. ${failure.remedy}`, type: 'proxy_error', code: failure.code } });
  }
}
