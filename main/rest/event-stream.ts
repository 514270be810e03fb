/** Server-sent events: one open answer a listener, resumable with Last-Event-ID. */
import type { ServerResponse } from 'node:http';
import { frameOf, type EventLog, type NumberedEvent } from './event-log.ts';

/** Keeps proxies and idle time-outs away, and shows soon that a listener has gone. */
const heartbeatMs = 15_000;
/** A listener that does not read is let go; it comes again and asks the store. */
const maxBufferedBytes = 4 * 2 ** 20;

export interface StreamRequest {
  readonly lastEventId: string | null;
  /** Which events this listener may and wants to hear. */
  readonly wants: (event: NumberedEvent) => boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Writes until the listener goes or `close` is called; returns `close`. */
export function streamEvents(response: ServerResponse, log: EventLog, { lastEventId, wants, headers = {} }: StreamRequest): () => void {
  // Ended by its connection and not in chunks, so that the bytes of an event go to each listener as they are.
  response.removeHeader('transfer-encoding');
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', connection: 'close', 'x-accel-buffering': 'no', ...headers });
  response.flushHeaders();
  const send = (piece: string | Buffer): void => {
    if (response.writableLength > maxBufferedBytes) response.destroy();
    else response.write(piece);
  };
  const tell = (event: NumberedEvent): void => {
    if (wants(event)) send(event.frame);
  };
  const missed = lastEventId === null ? [] : log.since(lastEventId);
  // `reset`: more was missed than is kept; what is shown has to be asked for anew.
  if (missed === null) send(frameOf(log.lastId, 'reset', '{}'));
  else if (missed.length === 0) send(frameOf(log.lastId, 'ready', '{}'));
  else missed.forEach(tell);
  const stopListening = log.subscribe(tell);
  const heartbeat = setInterval(() => send(': still here\n\n'), heartbeatMs);
  const stop = (): void => {
    clearInterval(heartbeat);
    stopListening();
  };
  response.on('close', stop);
  return () => {
    stop();
    // Said, so that a listener can tell an end from a broken line.
    response.end('event: closing\ndata: {}\n\n');
  };
}
