/** What tells callers apart, so that each stays on its side. */
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export const callerHeader = 'x-lathe-caller';

export interface Arrived {
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
  readonly address: string;
}

/** A key of the server is never kept, so only its hash is used. */
export function callerKey({ headers, body, address }: Arrived): string {
  const named = headers[callerHeader];
  if (typeof named === 'string' && named !== '') return `caller ${named}`;
  const { user } = body;
  if (typeof user === 'string' && user !== '') return `user ${user}`;
  const secret = headers.authorization ?? headers['x-api-key'] ?? headers['xi-api-key'];
  if (typeof secret === 'string' && secret !== '') return `key ${createHash('sha256').update(secret).digest('hex')}`;
  return `address ${address}`;
}
