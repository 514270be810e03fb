/** What a connection is told that sent no request, or not in time. */
import type { Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';
import { AppError } from '../../shared/errors/app-error.ts';
import { problemOf, problemType } from './problem.ts';

interface Limits {
  readonly bodyLimit: number;
  readonly seconds: number;
}

const codeOf = (error: unknown): string => (typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '');

export function answerBrokenConnection(error: unknown, socket: Socket, { seconds }: Limits): void {
  if (codeOf(error) === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const isSlow = codeOf(error) === 'ERR_HTTP_REQUEST_TIMEOUT';
  const isLarge = codeOf(error) === 'HPE_HEADER_OVERFLOW';
  const problem = problemOf(
    isSlow ? new AppError('REQUEST_TOO_SLOW', { seconds }) : new AppError('BODY_UNREADABLE', { problem: isLarge ? 'its head is too large' : 'it is no HTTP' }),
  );
  const status = isLarge ? 431 : problem.status;
  const body = JSON.stringify({ ...problem, status });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `Content-Type: ${problemType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
