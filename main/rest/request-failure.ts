/** What goes wrong before a request is understood, as rows of the error table. */
import type { Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';
import { AppError } from '../../shared/errors/app-error.ts';
import { toAppError } from '../../shared/errors/wire-error.ts';
import { problemOf, problemType } from './problem.ts';

interface Limits {
  readonly bodyLimit: number;
  readonly seconds: number;
}

const codeOf = (error: unknown): string => (typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '');
const statusOf = (error: unknown): number => (typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500);

/** Of the server itself; what is no such thing is a failure of ours. */
export function requestFailure(
  error: unknown,
  { bodyLimit, type, log }: { readonly bodyLimit: number; readonly type: string; readonly log: string },
): AppError {
  const code = codeOf(error);
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new AppError('BODY_TOO_LARGE', { limit: `${bodyLimit} bytes` });
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new AppError('BODY_TYPE_UNKNOWN', { type });
  if (statusOf(error) >= 400 && statusOf(error) < 500)
    return new AppError('BODY_UNREADABLE', { problem: error instanceof Error ? error.message : String(error) }, { cause: error });
  return toAppError(error, log);
}

/** Of a connection that sent no request, or not in time. */
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
