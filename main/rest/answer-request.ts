/** One request of the route table: parsed by its schemas, done once where it has a key, answered with its revision. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Answers } from '../services/answers.ts';
import type { KnownCaller } from './log-on.ts';
import { safeJson } from './safe-json.ts';
import type { Asked, BoundCall, Route } from './route.ts';

export interface AnswerParts {
  readonly answers: Answers;
  readonly caller: KnownCaller | null;
  /** The contract table, for whoever asks; `revision` is that of the entry as they read it. */
  readonly callAs: (revision: number | undefined) => BoundCall;
}

interface Ready {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export async function answerRequest(row: Route, request: FastifyRequest, reply: FastifyReply, parts: AnswerParts): Promise<FastifyReply> {
  const asked = askedOf(row, request, parts.callAs(row.isConditional === true ? revisionIn(request.headers['if-match']) : undefined));
  const { status, headers, text } = await done(row, asked, request, parts);
  if (row.method === 'GET' && headers['etag'] !== undefined && headers['etag'] === request.headers['if-none-match'])
    return reply.status(304).headers(headers).send();
  return reply
    .status(status)
    .headers({ 'content-type': 'application/json; charset=utf-8', ...headers })
    .send(text);
}

function askedOf(row: Route, { params, query, body }: FastifyRequest, call: BoundCall): Asked<unknown, unknown, unknown> {
  if (isDeeper(body, maxDepth)) throw new AppError('INPUT_INVALID', { where: 'body', problem: `it is nested deeper than ${maxDepth}` });
  return {
    params: parsed(row.params as z.ZodType | undefined, params, 'path'),
    query: parsed(row.query as z.ZodType | undefined, query, 'query'),
    body: parsed(row.body as z.ZodType | undefined, body ?? {}, 'body'),
    call,
  };
}

/** No call takes more than a few levels; whatever walks a body may count on that. */
const maxDepth = 32;

const isDeeper = (value: unknown, than: number): boolean =>
  typeof value === 'object' && value !== null && (than === 0 || Object.values(value).some((each) => isDeeper(each, than - 1)));

/** Throws INPUT_INVALID with the place of the first thing that is wrong. */
function parsed(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new AppError('INPUT_INVALID', { where: [where, ...(issue?.path ?? []).map(String)].join('.'), problem: issue?.message ?? 'not as described' });
}

/** undefined: any will do. Throws INPUT_INVALID. */
function revisionIn(header: string | undefined): number | undefined {
  if (header === undefined || header === '*') return undefined;
  const revision = /^(?:W\/)?"(\d{1,15})"$/.exec(header)?.[1];
  if (revision === undefined) throw new AppError('INPUT_INVALID', { where: 'If-Match', problem: 'it is no revision such as "7"' });
  return Number(revision);
}

async function done(row: Route, asked: Asked<unknown, unknown, unknown>, request: FastifyRequest, { answers, caller }: AnswerParts): Promise<Ready> {
  const key = request.headers['idempotency-key'];
  if (row.method !== 'POST' || key === undefined || caller === null) return give(row, asked);
  checkKey(row, key);
  const kept = await answers.once(
    { caller: caller.id, key: String(key), request: `${request.method} ${request.url}\n${JSON.stringify(request.body ?? {})}` },
    async () => {
      const { status, headers, text } = await give(row, asked);
      return { status, body: JSON.stringify({ headers, text }) };
    },
  );
  const { headers, text } = JSON.parse(kept.body) as Pick<Ready, 'headers' | 'text'>;
  return { status: kept.status, headers: { ...headers, ...(kept.isRepeated ? { 'idempotency-replayed': 'true' } : {}) }, text };
}

function checkKey({ secret }: Route, key: string | string[]): void {
  const refuse = (problem: string): never => {
    throw new AppError('INPUT_INVALID', { where: 'Idempotency-Key', problem });
  };
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key)) refuse('it must be 1 to 200 visible ASCII characters');
  if (secret === true) refuse('this answer holds a secret and is not kept');
}

async function give({ handle, status }: Route, asked: Asked<unknown, unknown, unknown>): Promise<Ready> {
  if (typeof handle === 'string') throw new TypeError(`${handle} is answered by the server`);
  const { value, headers = {}, revision } = await handle(asked);
  const etag: Record<string, string> = revision === undefined ? {} : { etag: `"${revision}"` };
  return { status, headers: { ...headers, ...etag }, text: safeJson(value) };
}
