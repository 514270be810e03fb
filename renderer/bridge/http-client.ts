/** The core behind a host's HTTP door, for the page in a browser: calls as POST, events as a stream. The session is a cookie. */
import { coreEvents, type CoreEvent, type CoreEventName } from '../../shared/contracts/calls.ts';
import type { CoreConnection } from '../../shared/contracts/page-bridge.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { WireError, fromWireError } from '../../shared/errors/wire-error.ts';
import { Listeners, type CoreClient } from './core-client.ts';

const retryMs = 1_000;

export function httpClient(base: string): CoreClient {
  const events = new Listeners<CoreEvent>();
  const connection = new Listeners<CoreConnection>();
  listen(`${base}/v1/events`, events, connection);
  return {
    call: async (name, input) => (await post(base, name, input)) as never,
    onEvent: (listener) => events.add(listener),
    onConnection: (listener) => connection.add(listener),
  };
}

async function post(base: string, name: string, input: unknown): Promise<unknown> {
  const response = await fetch(`${base}/v1/calls/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  }).catch((error: unknown) => {
    throw gone(base, error);
  });
  const body: unknown = await response.json().catch((error: unknown) => {
    throw gone(base, error);
  });
  if (response.ok) return body;
  const wire = WireError.safeParse(body);
  throw wire.success ? fromWireError(wire.data) : gone(base, `status ${response.status}`);
}

const gone = (home: string, problem: unknown): AppError =>
  new AppError('HOST_GONE', { home, problem: problem instanceof Error ? problem.message : String(problem) });

/** The browser resumes a torn stream by itself with the last id; `reset` says that too much was missed, and a new host has new ids. */
function listen(url: string, events: Listeners<CoreEvent>, connection: Listeners<CoreConnection>): void {
  const source = new EventSource(url);
  source.addEventListener('open', () => connection.tell('open'));
  source.addEventListener('reset', () => connection.tell('open'));
  for (const name of Object.keys(coreEvents) as CoreEventName[])
    source.addEventListener(name, ({ data }: MessageEvent<string>) => events.tell({ event: name, data: JSON.parse(data) as unknown } as CoreEvent));
  source.addEventListener('error', () => {
    connection.tell('lost');
    // Closed for good: the host answered with something that is no stream (it ended, or the session did).
    if (source.readyState === EventSource.CLOSED) setTimeout(() => listen(url, events, connection), retryMs);
  });
}
