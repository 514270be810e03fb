/** What an answer that is no success says: LocalAI words a refusal in three shapes, or not at all. */
import { z } from 'zod';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { callName, type RemoteAnswer, type RemoteCall } from './remote-server.ts';

const Refusal = z.union([
  z.object({ error: z.object({ message: z.string(), type: z.string().optional() }) }).transform(({ error }) => error.message),
  z.object({ error: z.string() }).transform(({ error }) => error),
  z.object({ message: z.string() }).transform(({ message }) => message),
]);

export const isSuccess = ({ status }: RemoteAnswer): boolean => status >= 200 && status < 300;

/** What the server says; null where it keeps silent, as with LOCALAI_OPAQUE_ERRORS. */
export function reasonOf({ text }: RemoteAnswer): string | null {
  const parsed = Refusal.safeParse(jsonOf(text));
  return parsed.success && parsed.data.trim() !== '' ? inWords(parsed.data) : null;
}

/** One line of limited length, in which paths of the server are their last two parts. */
export function inWords(text: string): string {
  const line = text
    .replace(/\s+/g, ' ')
    .replace(/https?:\/\/[^\s"']+/g, (url) => hostOf(url))
    .replace(/(?<![\w.])(?:[A-Za-z]:)?(?:\/[\w.@%+~-]+){3,}/g, (path) => `…/${path.split('/').slice(-2).join('/')}`)
    .trim();
  return line.length > 400 ? `${line.slice(0, 399)}…` : line;
}

/** An artifact's address is a secret while it is open. */
function hostOf(url: string): string {
  return URL.canParse(url) ? `${new URL(url).origin}/…` : 'an address';
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export type Called = Pick<RemoteCall, 'method' | 'path'>;

export function failureOf(server: string, called: Called, answer: RemoteAnswer): AppError {
  const call = callName(called);
  const reason = reasonOf(answer);
  if (answer.status === 401) return new AppError('REMOTE_DENIED', { server, problem: `it does not know it (401 at ${call})` });
  if (answer.status === 403) return new AppError('REMOTE_DENIED', { server, problem: `${reason ?? 'it may not do that'} (403 at ${call})` });
  if (answer.status >= 300 && answer.status < 400)
    return new AppError('REMOTE_ANSWER_INVALID', { server, call, problem: `it sends elsewhere (${String(answer.status)})` });
  return new AppError('REMOTE_FAILED', { server, call, problem: `${reason ?? 'it gives no reason'} (${String(answer.status)})` });
}

/** The answer of a success, read by its schema. Throws REMOTE_DENIED, REMOTE_FAILED, REMOTE_ANSWER_INVALID. */
export function read<S extends z.ZodType>(
  server: string,
  called: Called,
  { answer, schema }: { readonly answer: RemoteAnswer; readonly schema: S },
): z.output<S> {
  if (!isSuccess(answer)) throw failureOf(server, called, answer);
  const parsed = schema.safeParse(jsonOf(answer.text));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? 'its answer' : issue.path.join('.');
  const problem = jsonOf(answer.text) === undefined ? 'it is no JSON' : `${where}: ${issue?.message ?? 'invalid'}`;
  throw new AppError('REMOTE_ANSWER_INVALID', { server, call: callName(called), problem });
}
