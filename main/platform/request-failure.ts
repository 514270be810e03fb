/** What fastify refuses before a request is understood, as rows of the error table. */
import { AppError } from '../../shared/errors/app-error.ts';
import { toAppError } from '../../shared/errors/wire-error.ts';

const codeOf = (error: unknown): string => (typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '');
const statusOf = (error: unknown): number => (typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500);

/** Of the server itself; what is no such thing is a failure of ours. */
export function requestFailure(
  error: unknown,
  { bodyLimit, type, log }: { readonly bodyLimit: number; readonly type: string; readonly log?: string },
): AppError {
  const code = codeOf(error);
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new AppError('BODY_TOO_LARGE', { limit: `${bodyLimit} bytes` });
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new AppError('BODY_TYPE_UNKNOWN', { type });
  if (statusOf(error) >= 400 && statusOf(error) < 500)
    return new AppError('BODY_UNREADABLE', { problem: error instanceof Error ? error.message : String(error) }, { cause: error });
  return toAppError(error, log);
}
