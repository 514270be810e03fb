/**
 * HTTP with one server of a target: time limits, an own authority's certificates, the key in a header and nowhere else, answers of limited size.
 * What the answers mean is not known here. Redirects are not followed: they would carry the key elsewhere.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request as plainRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { getCACertificates } from 'node:tls';
import type { TargetServer } from '../../../../shared/domain/target.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { fileFailure } from '../../../platform/file-failure.ts';
import { unreachableWords } from './unreachable-words.ts';

export interface RemoteParts {
  readonly server: TargetServer;
  /** Certificates (PEM) to trust besides those of the system. */
  readonly caFile: string | null;
  /** null: the server asks for none. Asked for at each call, so that a changed secret counts at once. */
  readonly key: () => Promise<string | null>;
}

export interface RemoteCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly json?: unknown;
  readonly yaml?: string;
  readonly signal: AbortSignal;
  /** Until the whole answer is there; of a stream, between two pieces. */
  readonly answerMs?: number;
  /** Safe to send again where no answer came. */
  readonly again?: boolean;
  /** Without the key, for what is public. */
  readonly open?: boolean;
  readonly correlation?: string;
}

export interface RemoteAnswer {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | null;
}

/** `POST /models/apply`: what a failure calls it. */
export const callName = ({ method, path }: Pick<RemoteCall, 'method' | 'path'>): string => `${method} ${path.split('?')[0] ?? path}`;

const connectMs = 10_000;
const usualAnswerMs = 30_000;
const maxAnswerBytes = 16 * 2 ** 20;
const pausesMs = [300, 1_000];

export class RemoteServer {
  readonly name: string;
  readonly #parts: RemoteParts;
  readonly #correlation = `lathe-${randomBytes(6).toString('hex')}`;
  #authorities: readonly string[] | undefined;

  constructor(parts: RemoteParts) {
    this.#parts = parts;
    this.name = parts.server.name;
  }

  get url(): string {
    return this.#parts.server.url;
  }

  /** Throws REMOTE_UNREACHABLE, REMOTE_ANSWER_INVALID, and what the signal and the secret store say. */
  async send(call: RemoteCall): Promise<RemoteAnswer> {
    for (const wait of call.again === true ? pausesMs : []) {
      const answer = await this.#sendOnce(call).catch((error: unknown) => {
        if (error instanceof AppError && error.code === 'REMOTE_UNREACHABLE') return null;
        throw error;
      });
      if (answer !== null && answer.status !== 502 && answer.status !== 504) return answer;
      await pause(wait, undefined, { signal: call.signal }).catch(() => undefined);
      call.signal.throwIfAborted();
    }
    return this.#sendOnce(call);
  }

  /** The lines of a streamed answer, or its text where its status is no success. Ended by whoever stops to iterate. */
  async stream(call: RemoteCall): Promise<RemoteAnswer | AsyncGenerator<string>> {
    const limit = new Limit(call);
    try {
      const response = await this.#open(call, limit);
      if (response.statusCode === 200) return linesOf(response, { limit, failed: (error) => this.#failure(error, call, limit) });
      return await answerOf(response);
    } catch (error) {
      throw this.#failure(error, call, limit);
    }
  }

  async #sendOnce(call: RemoteCall): Promise<RemoteAnswer> {
    const limit = new Limit(call);
    try {
      return await answerOf(await this.#open(call, limit));
    } catch (error) {
      throw this.#failure(error, call, limit);
    } finally {
      limit.end();
    }
  }

  async #open(call: RemoteCall, limit: Limit): Promise<IncomingMessage> {
    call.signal.throwIfAborted();
    const url = new URL(`${this.url.replace(/\/+$/, '')}${call.path}`);
    const body = call.json === undefined ? call.yaml : JSON.stringify(call.json);
    const key = call.open === true ? null : await this.#parts.key();
    const headers: Record<string, string> = {
      accept: '*/*',
      'x-correlation-id': call.correlation ?? this.#correlation,
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined
        ? {}
        : { 'content-type': call.json === undefined ? 'application/yaml' : 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
    };
    const options = { method: call.method, headers, signal: limit.signal, agent: false as const };
    const sent = url.protocol === 'https:' ? tlsRequest(url, { ...options, ca: this.#trusted() }) : plainRequest(url, options);
    return await responseOf(sent, body);
  }

  #trusted(): string[] {
    const { caFile } = this.#parts;
    if (caFile === null) return [...getCACertificates('default')];
    try {
      this.#authorities ??= [...getCACertificates('default'), readFileSync(caFile, 'utf8')];
    } catch (error) {
      throw fileFailure(error, { what: 'The certificates to trust', path: caFile, action: 'read' });
    }
    return [...this.#authorities];
  }

  #failure(error: unknown, call: RemoteCall, limit: Limit): unknown {
    limit.end();
    if (call.signal.aborted) return call.signal.reason;
    if (error instanceof AppError) return error;
    if (error instanceof TooLong) return new AppError('REMOTE_ANSWER_INVALID', { server: this.name, call: callName(call), problem: error.message });
    const problem = limit.isOver ? `nothing to ${callName(call)} within ${String(limit.seconds)} s` : `${unreachableWords(error)} (${this.url})`;
    return new AppError('REMOTE_UNREACHABLE', { server: this.name, problem }, { cause: error });
  }
}

/** The time limit of one call; `again()` starts it anew. */
class Limit {
  readonly signal: AbortSignal;
  readonly seconds: number;
  readonly #over = new AbortController();
  readonly #timer: NodeJS.Timeout;
  isOver = false;

  constructor({ signal, answerMs = usualAnswerMs }: RemoteCall) {
    this.seconds = answerMs / 1000;
    this.signal = AbortSignal.any([signal, this.#over.signal]);
    this.#timer = setTimeout(() => {
      this.isOver = true;
      this.#over.abort();
    }, answerMs);
  }

  again(): void {
    this.#timer.refresh();
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

class TooLong extends Error {}

function responseOf(sent: ClientRequest, body: string | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const connecting = setTimeout(() => sent.destroy(Object.assign(new Error('no connection'), { code: 'ETIMEDOUT' })), connectMs);
    sent.on('socket', (socket) => socket.once('connect', () => clearTimeout(connecting)));
    sent.on('close', () => clearTimeout(connecting));
    sent.on('response', resolve).on('error', reject).end(body);
  });
}

async function answerOf(response: IncomingMessage): Promise<RemoteAnswer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > maxAnswerBytes) throw new TooLong(`its answer is longer than ${String(maxAnswerBytes / 2 ** 20)} MiB`);
    pieces.push(piece);
  }
  if (!response.complete) throw Object.assign(new Error('answer cut off'), { code: 'ECONNRESET' });
  return { status: response.statusCode ?? 0, text: Buffer.concat(pieces).toString('utf8'), retryAfter: response.headers['retry-after'] ?? null };
}

interface StreamCare {
  readonly limit: Limit;
  readonly failed: (error: unknown) => unknown;
}

async function* linesOf(response: IncomingMessage, { limit, failed }: StreamCare): AsyncGenerator<string> {
  let [rest, bytes] = ['', 0];
  try {
    for await (const piece of response.setEncoding('utf8') as AsyncIterable<string>) {
      limit.again();
      bytes += piece.length;
      if (bytes > maxAnswerBytes) throw new TooLong('its stream does not end');
      const lines = (rest + piece).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    if (rest !== '') yield rest;
  } catch (error) {
    throw failed(error);
  } finally {
    limit.end();
    response.destroy();
  }
}
