/** The stand-in's HTTP: what a route answers, and the shapes of its refusals. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What `error` holds differs by the route, as with the real one. */
export class Refused extends Error {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    super(JSON.stringify(body));
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** Of handlers in the manner of OpenAI. */
export const refused = (code: number, message: string, type = ''): Refused => new Refused(code, { error: { code, message, type } });
/** Of the model administration. */
export const refusedChange = (status: number, error: string): Refused => new Refused(status, { success: false, message: '', error, pending_cleanup: 0 });
export const refusedPlainly = (status: number, error: string): Refused => new Refused(status, { error });

export const notFound = (): Refused => refused(404, 'Resource not found');

export async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  const text = body === undefined ? '' : `${JSON.stringify(body)}\n`;
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
}
