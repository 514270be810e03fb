/** The endpoint of this machine: what is deployed here answers OpenAI's chat and text completions, whole or as a stream. Loopback only. */
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.ts';
import { errorCodes } from '../../../shared/errors/codes.ts';
import { toAppError } from '../../../shared/errors/wire-error.ts';
import type { Logger } from '../../platform/logger.ts';
import { requestFailure } from '../../platform/request-failure.ts';
import type { Wanted } from '../../services/chat/answerer.ts';
import type { EmbeddedEndpoint } from '../../services/deploy/embedded/embedded-endpoint.ts';
import { Guard } from '../guard.ts';
import { OpenAiAnswer, type AnswerKind } from './openai-answers.ts';
import { ChatCompletionRequest, CompletionRequest, stopTexts } from './openai-requests.ts';
import { UntilStop } from './until-stop.ts';

const host = '127.0.0.1';
const bodyLimit = 4 * 2 ** 20;
/** As LocalAI answers where nobody says otherwise. */
const usual = { max_tokens: 512, temperature: 0, top_p: 1, seed: 42 } as const;

type Asked = ChatCompletionRequest | CompletionRequest;

interface Answering {
  readonly kind: AnswerKind;
  readonly asked: Asked;
  readonly wanted: Wanted;
}

export interface EndpointServerParts {
  readonly endpoint: EmbeddedEndpoint;
  readonly log: Logger;
  readonly now: () => Date;
}

export class EndpointServer {
  readonly #parts: EndpointServerParts;
  readonly #server: FastifyInstance;
  #guard: Guard | null = null;

  constructor(parts: EndpointServerParts) {
    this.#parts = parts;
    this.#server = fastify({ bodyLimit, forceCloseConnections: true, exposeHeadRoutes: false });
    this.#build();
  }

  /** Returns its address. Throws LISTEN_FAILED. */
  async listen(port: number): Promise<string> {
    try {
      await this.#server.listen({ host, port });
    } catch (error) {
      throw new AppError('LISTEN_FAILED', { address: `${host}:${port}`, problem: error instanceof Error ? error.message : String(error) }, { cause: error });
    }
    const address = this.#server.server.address();
    const heard = typeof address === 'object' && address !== null ? address.port : port;
    this.#guard = new Guard({ scheme: 'http', port: heard, names: ['127.0.0.1', 'localhost'], proxied: [] });
    return `http://${host}:${heard}`;
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  #build(): void {
    const server = this.#server;
    const { endpoint, now } = this.#parts;
    server.addHook('onRequest', (request, _, next) => {
      this.#guard?.check(request.headers as { host: string | undefined; origin: string | undefined });
      next();
    });
    server.setErrorHandler((error, request, reply) =>
      this.#refuse(requestFailure(error, { bodyLimit, type: request.headers['content-type'] ?? 'unknown' }), reply),
    );
    server.setNotFoundHandler((request, reply) =>
      this.#refuse(new AppError('ROUTE_UNKNOWN', { method: request.method, path: request.url.split('?')[0] ?? '' }), reply),
    );
    for (const path of ['/healthz', '/readyz']) server.get(path, (_, reply) => reply.send());
    server.get('/v1/models', () => ({
      object: 'list',
      data: endpoint.names().map((id) => ({ id, object: 'model', created: Math.floor(now().getTime() / 1_000), owned_by: 'lathe' })),
    }));
    server.post('/v1/chat/completions', (request, reply) => {
      const asked = parse(ChatCompletionRequest, request);
      return this.#answer({ kind: 'chat', asked, wanted: { ...wantedOf(asked), messages: asked.messages, raw: false } }, reply);
    });
    server.post('/v1/completions', (request, reply) => {
      const asked = parse(CompletionRequest, request);
      return this.#answer({ kind: 'text', asked, wanted: { ...wantedOf(asked), messages: [{ role: 'user', content: asked.prompt }], raw: true } }, reply);
    });
  }

  #answer(answering: Answering, reply: FastifyReply): Promise<FastifyReply> {
    const gone = new AbortController();
    reply.raw.on('close', () => {
      if (!reply.raw.writableFinished) gone.abort();
    });
    return answering.asked.stream === true ? this.#stream(answering, reply, gone) : this.#whole(answering, reply, gone);
  }

  async #whole({ kind, asked, wanted }: Answering, reply: FastifyReply, gone: AbortController): Promise<FastifyReply> {
    const until = new UntilStop(stopTexts(asked.stop));
    let text = '';
    const end = await this.#parts.endpoint.answer({
      model: asked.model,
      wanted,
      signal: gone.signal,
      onText: (piece) => {
        text += until.add(piece);
        if (until.isOver) gone.abort();
      },
    });
    return reply.send(new OpenAiAnswer(kind, asked.model, this.#parts.now()).whole(text + until.rest(), end));
  }

  /** Headers go out with the first word, so that what fails before has a status. */
  async #stream({ kind, asked, wanted }: Answering, reply: FastifyReply, gone: AbortController): Promise<FastifyReply> {
    const answer = new OpenAiAnswer(kind, asked.model, this.#parts.now());
    const until = new UntilStop(stopTexts(asked.stop));
    const tell = (event: object | '[DONE]'): void => {
      if (!reply.raw.headersSent) {
        reply.hijack();
        reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      }
      reply.raw.write(`data: ${event === '[DONE]' ? event : JSON.stringify(event)}\n\n`);
    };
    try {
      const end = await this.#parts.endpoint.answer({
        model: asked.model,
        wanted,
        signal: gone.signal,
        onText: (piece) => {
          const shown = until.add(piece);
          if (shown !== '') tell(answer.piece(shown));
          if (until.isOver) gone.abort();
        },
      });
      const rest = until.rest();
      if (rest !== '') tell(answer.piece(rest));
      tell(answer.last(end));
      if (asked.stream_options?.include_usage === true) tell(answer.usage(end));
    } catch (error) {
      if (!reply.raw.headersSent) throw error;
      tell({ error: bodyOf(toAppError(error)) });
    }
    tell('[DONE]');
    reply.raw.end();
    return reply;
  }

  #refuse(failure: AppError, reply: FastifyReply): FastifyReply {
    if (failure.code === 'INTERNAL') this.#parts.log.error('a request failed', { problem: failure.message });
    return reply.status(errorCodes[failure.code].http).send({ error: bodyOf(failure) });
  }
}

const wantedOf = (asked: Asked): Omit<Wanted, 'messages' | 'raw'> => ({
  max_tokens: ('max_completion_tokens' in asked ? asked.max_completion_tokens : null) ?? asked.max_tokens ?? usual.max_tokens,
  temperature: asked.temperature ?? usual.temperature,
  top_p: asked.top_p ?? usual.top_p,
  seed: asked.seed ?? usual.seed,
});

/** Throws INPUT_INVALID. */
function parse<Schema extends z.ZodType>(schema: Schema, request: FastifyRequest): z.output<Schema> {
  const parsed = schema.safeParse(request.body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError('INPUT_INVALID', { where: issue?.path.join('.') ?? 'the body', problem: issue?.message ?? '' });
}

const bodyOf = (failure: AppError): object => ({ message: `${failure.message}. ${failure.remedy}`, type: 'invalid_request_error', code: failure.code });
