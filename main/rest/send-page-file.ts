/** Answers with a file of the built page. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PageFile } from '../platform/page-files.ts';

const yearSeconds = 31_536_000;

export function sendPageFile({ type, body, etag, isImmutable }: PageFile, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  void reply.headers({ 'content-type': type, etag, 'cache-control': isImmutable ? `public, max-age=${yearSeconds}, immutable` : 'no-cache' });
  return request.headers['if-none-match'] === etag ? reply.status(304).send() : reply.send(body);
}
